/** Texts of the page of the Web. */
import { cookieTexts } from './texts-cookies.ts';
import { handTexts } from './texts-hand.ts';
import { proxyTexts } from './texts-proxy.ts';

export const webTexts = {
  tabs: {
    label: 'Below the waterfall',
    messages: 'Ladder',
    times: 'Formulas',
    proxy: 'Proxy',
    cookies: 'Cookies',
    hand: 'By hand',
  },
  load: {
    label: 'Page load',
    from: 'From',
    url: 'Address of the page',
    how: 'Its objects',
    modes: {
      browser: 'browser',
      serial: 'serial',
      parallel: 'parallel',
      persistent: 'persistent',
      pipelined: 'pipelined',
    },
    go: 'Load',
    working: 'Under way…',
    hint: 'Choose who loads which page, and in which way: its objects are drawn here on one axis of time, and what was said for them is in the ladder below.',
    waiting: (host: string, url: string) => `${host} loads ${url}`,
    waterfall: 'Waterfall',
    sum: (objects: number, bytes: string, time: string) =>
      `${objects} ${objects === 1 ? 'object' : 'objects'}, ${bytes} in ${time}`,
    inLadder: 'In the ladder',
    onInternet: 'On the map',
    har: 'HAR',
    harTitle: 'A file for the network panel of a browser’s developer tools',
    phasesNote: 'a thin line: no connection was free',
    messages: (count: number) => `${count} ${count === 1 ? 'message' : 'messages'}`,
  },
  times: {
    fields: {
      rttMs: 'R, the round trip',
      rate: 'C, the rate of the narrowest link',
      objects: 'N, the number of objects beside the page',
      size: 'O, the size of the page and of each object',
      connections: 'k, connections at a time',
    },
    slowStart: 'slow start',
    go: 'Measure',
    columns: {
      way: 'Way, and its formula',
      computed: 'Computed',
      heads: 'With heads',
      measured: 'Measured',
      bar: 'Measured, as a bar',
    },
    titles: {
      computed: 'By the formula, with the bytes of the files alone',
      heads: 'By the formula, with the heads of the answers, which take time too',
      measured: 'What the real client and server took on a simulated path',
    },
    none: 'no closed form',
    legend: (time: string) =>
      `O/C, the transmission of one object, takes ${time}. A mark on a bar is what the formula says.`,
    headsNote:
      'Measured on a simulated network, in virtual time, by the client and the server that also run on real sockets: what goes beyond the formula is the transmission of the heads.',
    slowStartNote:
      'TCP begins with a window of W = 14,600 B and doubles it each round trip; the sender stalls P times. Connections that go on depend on what went before, so only new ones have a closed form.',
  },
  proxy: proxyTexts,
  cookies: cookieTexts,
  hand: handTexts,
} as const;
