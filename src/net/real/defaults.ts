/** The defaults of the machine's network, each with its reason. */

/** A burst of DNS questions while the process is busy; the system's own 208 KiB holds about 90 full frames. */
export const DATAGRAM_RECEIVE_BUFFER: number = 2 * 1024 * 1024;

/** Datagrams kept between `bind` and `onDatagram`: that is one turn in good code, so few come. */
export const EARLY_DATAGRAMS = 256;

/** Connections that wait for `accept`: a thousand clients that start together are not refused. */
export const BACKLOG = 1024;

/** Larger writes leave at once: joining them with others of the same turn saves nothing. */
export const JOIN_LIMIT: number = 16 * 1024;

/** Up to so much is copied together for one write: cheaper than handing the parts over one by one. */
export const COPY_LIMIT: number = 64 * 1024;

/** Random bytes fetched at once: a call into the system costs as much as a thousand of them. */
export const RANDOM_POOL = 4096;
