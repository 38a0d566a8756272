/** The same by a terminal: commands to copy. */
import type { JSX } from 'preact';
import { CopyButton } from '../parts/copy-button.tsx';
import { internet } from '../state/store.ts';
import { texts } from '../texts.ts';

const words = texts.names.register;

const EXAMPLE = 'books.com';
const DNS_PORT = 53;

/** What dig must be told where the system does not allow the port of the internet. */
function digPort(port: number): string {
  return port === DNS_PORT ? '' : ` -p ${port}`;
}

export function ByHand(): JSX.Element {
  const hosts = internet.value?.hosts ?? [];
  const server = hosts.find(({ role }) => role === 'http')?.address;
  const resolver = hosts
    .find(({ role }) => role === 'resolver')
    ?.services.find(({ port }) => port === DNS_PORT);
  const commands = [
    [`toplayer dns available ${EXAMPLE}`, words.available],
    [
      `toplayer dns register ${EXAMPLE} --owner "Ann"${server ? ` --address ${server}` : ''}`,
      words.register,
    ],
    ...(resolver
      ? [
          [
            `dig @${resolver.realAddress}${digPort(resolver.realPort)} www.${EXAMPLE}`,
            words.resolve,
          ],
        ]
      : []),
    [`toplayer whois ${EXAMPLE}`, words.whois],
    ['toplayer dns list', words.all],
    [`toplayer dns delete ${EXAMPLE}`, words.remove],
  ] as const;
  return (
    <details class="by-hand">
      <summary>{words.byHand}</summary>
      <ul class="commands" aria-label={words.commands}>
        {commands.map(([command = '', about]) => (
          <li key={command}>
            <code>{command}</code>
            <CopyButton text={command} />
            <span>{about}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
