/** Requests on their way to the origin, for which others wait (RFC 9111 §4: collapsed requests). */
import { type Deferred, deferred } from '../lib/deferred.ts';
import { LONER_MS, LONERS_LIMIT } from './defaults.ts';

/** What came of it: something to be served from, nothing that others may use, or no answer at all. */
export type Landing =
  | { readonly outcome: 'stored' }
  | { readonly outcome: 'alone' }
  | { readonly outcome: 'failed'; readonly error: unknown };

export class Flight {
  waiting = 0;
  private readonly landing: Deferred<Landing> = deferred();

  get landed(): Promise<Landing> {
    return this.landing.promise;
  }

  land(landing: Landing): void {
    this.landing.resolve(landing);
  }
}

export class Flights {
  private readonly flights = new Map<string, Flight>();
  private readonly loners = new Map<string, number>();

  get(key: string): Flight | undefined {
    return this.flights.get(key);
  }

  begin(key: string): Flight {
    const flight = new Flight();
    this.flights.set(key, flight);
    return flight;
  }

  land(key: string, flight: Flight, landing: Landing): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
    flight.land(landing);
  }

  /** Waiting for this one would be in vain: its last answer could not be shared. */
  isLoner(key: string, now: number): boolean {
    const until = this.loners.get(key);
    if (until === undefined) return false;
    if (until > now) return true;
    this.loners.delete(key);
    return false;
  }

  setLoner(key: string, now: number): void {
    this.loners.delete(key);
    this.loners.set(key, now + LONER_MS);
    if (this.loners.size <= LONERS_LIMIT) return;
    for (const oldest of this.loners.keys()) {
      this.loners.delete(oldest);
      return;
    }
  }

  unsetLoner(key: string): void {
    this.loners.delete(key);
  }
}
