import type { Endpoint } from '../../src/lib/endpoint.ts';
import { NetworkError, ReplyError } from '../../src/lib/errors.ts';
import { ByteReader, type Host } from '../../src/net/index.ts';
import { encodeRequest, parseReply } from './wire/message.ts';

/** Greets, and gives the server's answer. Throws ReplyError when the server says no. */
export async function greet(host: Host, server: Endpoint, name: string): Promise<string> {
  const reader = new ByteReader(await host.network.connect(server));
  await reader.write(encodeRequest({ type: 'greet', name }));
  const line = await reader.readLine();
  await reader.write(encodeRequest({ type: 'bye' }));
  reader.end();
  if (line === null) throw new NetworkError('closed', 'the server closed without an answer');
  const { code, text } = parseReply(line);
  if (code >= 400) throw new ReplyError('GREETING_REFUSED', code, text);
  return text;
}
