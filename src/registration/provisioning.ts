/** The provisioning protocol: commands of registrars, as JSON over HTTP. Both sides. */
import type { Handler, HttpClient, Request, Response } from '../http/index.ts';
import { base64, fromBase64 } from '../lib/base64.ts';
import { fromUtf8, utf8 } from '../lib/bytes.ts';
import type { Endpoint } from '../lib/endpoint.ts';
import { AppError, LimitError } from '../lib/errors.ts';
import { ANSWER_LIMIT, COMMAND_LIMIT } from './defaults.ts';
import { badCommand, RegistrationError } from './errors.ts';
import type { Registry } from './registry.ts';
import type { Answer, Command, RegistrarAccount } from './types.ts';
import { encodeAnswer, encodeRefusal, parseAnswer } from './wire/answer.ts';
import { encodeCommand, parseCommand } from './wire/command.ts';

const JSON_FIELDS = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };

/** Answers POSTs that carry a command with what `execute` makes of it. */
export function commandHandler(
  execute: (command: Command, request: Request) => Promise<Answer>,
): Handler {
  return async (request): Promise<Response> => {
    try {
      if (request.method !== 'POST') {
        const text = `${request.method} is not understood here: POST a command`;
        return { ...refused(badCommand('REG_BAD_COMMAND', text)), status: 405 };
      }
      // A form on another site can't send this type without being asked first.
      if (!/^application\/json\b/i.test(request.headers.get('Content-Type') ?? '')) {
        throw badCommand('REG_BAD_COMMAND', 'expected Content-Type: application/json');
      }
      const text = await request.body.text({ limit: COMMAND_LIMIT });
      const answer = await execute(parseCommand(text), request);
      return { status: 200, headers: JSON_FIELDS, body: encodeAnswer(answer) };
    } catch (error) {
      return refused(error);
    }
  };
}

/** What is none of our errors is a fault of ours: the server reports it, and the client sees a 500. */
function refused(error: unknown): Response {
  if (!(error instanceof AppError)) throw error;
  const isLong = error instanceof LimitError;
  const told = isLong ? badCommand('REG_BAD_COMMAND', error.message) : error;
  const { status: usual, text } = encodeRefusal(told);
  const status = isLong ? 413 : usual;
  const challenge = status === 401 && { 'WWW-Authenticate': 'Basic realm="registry"' };
  return { status, headers: { ...JSON_FIELDS, ...challenge }, body: text };
}

/** A registry's own door: registrars show id and secret with every command (RFC 7617). */
export function provisioning(registry: Registry): Handler {
  return commandHandler((command, request) => {
    const account = accountOf(request, registry);
    if (account) return registry.execute(command, account.id);
    const text = 'expected the id and the secret of a registrar';
    throw new RegistrationError('REG_NOT_AUTHENTICATED', text, 'RFC 5730 §2.9.1.1');
  });
}

function accountOf(request: Request, registry: Registry): RegistrarAccount | undefined {
  const given = /^Basic +(\S+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  const bytes = given === undefined ? undefined : fromBase64(given);
  const [, id, secret] = /^([^:]*):([\s\S]*)$/.exec(bytes ? fromUtf8(bytes) : '') ?? [];
  return id && secret ? registry.authenticate(id, secret) : undefined;
}

export interface RegistrationClientOptions {
  /** Where commands are posted: a registry's `/provisioning`, a registrar's `/api`. */
  readonly url: string;
  /** Asks this endpoint, whatever the URL says. */
  readonly connect?: Endpoint;
  /** What a registrar shows to a registry; a registrar asks nothing of its customers. */
  readonly account?: Pick<RegistrarAccount, 'id' | 'secret'>;
  /** For the head of each answer; default: the HTTP client's own. */
  readonly timeoutMs?: number;
}

/** Speaks to a registry as a registrar, or to a registrar as a customer. */
export class RegistrationClient {
  private readonly client: HttpClient;
  private readonly options: RegistrationClientOptions;

  constructor(client: HttpClient, options: RegistrationClientOptions) {
    this.client = client;
    this.options = options;
  }

  /** Throws RegistrationError when it is refused. */
  async send(command: Command, options: { signal?: AbortSignal } = {}): Promise<Answer> {
    const { url, connect, account, timeoutMs } = this.options;
    const basic = account && base64(utf8(`${account.id}:${account.secret}`));
    const response = await this.client.request(
      {
        url,
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(basic !== undefined && { Authorization: `Basic ${basic}` }),
        },
        body: encodeCommand(command),
      },
      {
        ...options,
        // A kept connection may have died unnoticed, and a change must not be sent twice to find out.
        fresh: true,
        ...(connect && { connect }),
        ...(timeoutMs !== undefined && { timeoutMs }),
      },
    );
    const text = await response.body.text({ limit: ANSWER_LIMIT });
    if (/^application\/json\b/i.test(response.headers.get('Content-Type') ?? '')) {
      return parseAnswer(text);
    }
    const said = `${response.status} ${response.reason}`.trim();
    throw new RegistrationError('REG_FAILED', `${url} takes no commands: it answered ${said}`);
  }
}
