/** How a telnet conversation is shown: what was typed and shown, and each command by its name. */
import { concat } from '../lib/bytes.ts';
import { preview } from '../trace/index.ts';
import type { Dissected, Dissector, Speaker, StreamDissector } from '../trace/types.ts';
import { TELNET_PORT } from './defaults.ts';
import type { TelnetCommand, TelnetElement } from './types.ts';
import { commandName, optionName } from './wire/codes.ts';
import { TelnetParser } from './wire/parser.ts';

export const telnetDissector: Dissector = {
  protocol: 'telnet',
  ports: [TELNET_PORT],
  stream(): StreamDissector {
    const parsers: Readonly<Record<Speaker, TelnetParser>> = {
      client: new TelnetParser(),
      server: new TelnetParser(),
    };
    const unread: Record<Speaker, number> = { client: 0, server: 0 };
    return {
      push(speaker, bytes) {
        unread[speaker] += bytes.length;
        const elements = parsers[speaker].push(bytes);
        if (elements.length === 0) return [];
        // The bytes of a command cut in two are counted to what comes after it.
        const length = unread[speaker];
        unread[speaker] = 0;
        return [dissect(elements, length, speaker)];
      },
      end: () => [],
    };
  },
};

function dissect(elements: readonly TelnetElement[], length: number, speaker: Speaker): Dissected {
  const commands = elements.flatMap((element) =>
    element.type === 'command' ? [commandText(element.command)] : [],
  );
  const data = concat(
    elements.flatMap((element) => (element.type === 'data' ? [element.bytes] : [])),
  );
  const summary = [...commands, ...(data.length > 0 ? [preview(data)] : [])].join(', ');
  return {
    length,
    summary,
    role: 'other',
    fields: () => [
      { name: 'Speaker', value: speaker, start: 0, end: 0 },
      ...commands.map((value) => ({ name: 'Command', value, start: 0, end: 0, spec: 'RFC 854' })),
      ...(data.length > 0
        ? [{ name: 'Text', value: preview(data), start: length - data.length, end: length }]
        : []),
    ],
  };
}

function commandText(command: TelnetCommand): string {
  const name = commandName(command.code);
  return command.option === undefined ? name : `${name} ${optionName(command.option)}`;
}
