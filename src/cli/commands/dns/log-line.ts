import { type LogEntry, plainName } from '../../../dns/index.ts';
import { endpointText } from '../../../lib/endpoint.ts';
import { type Clock, calendar } from '../../../net/index.ts';

/** `2026-11-22T11:00:00.000Z 127.0.0.1:4711 udp www.campus.edu A NOERROR 2 answers 0.4 ms`. */
export function logLine(entry: LogEntry, clock: Clock): string {
  const { from, transport, question, rcode, answers, took, at } = entry;
  const time = new Date(calendar(clock) - clock.now() + at).toISOString();
  const asked = question ? `${plainName(question.name)} ${question.type}` : 'no question';
  const said = rcode === undefined ? 'no reply' : `${rcode} ${answers} answers`;
  return `${time} ${endpointText(from)} ${transport} ${asked} ${said} ${took.toFixed(1)} ms`;
}
