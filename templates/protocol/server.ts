import { type Connection, Conversations, type Host, type Server } from '../../src/net/index.ts';
import { GREETING_IDLE_MS, GREETING_PORT } from './defaults.ts';
import { Session } from './machine/session.ts';
import { encodeReply } from './wire/message.ts';

export interface GreetingServerOptions {
  readonly port?: number;
}

export async function serveGreeting(
  host: Host,
  options: GreetingServerOptions = {},
): Promise<Server> {
  const conversations = new Conversations();
  const at = { port: options.port ?? GREETING_PORT, service: 'greeting' };
  const listener = await host.network.listen(at, (connection) =>
    converse(host, connection, conversations),
  );
  return {
    local: listener.local,
    async close({ graceMs } = {}) {
      await listener.close();
      await conversations.close(host.clock, graceMs);
    },
  };
}

function converse(host: Host, connection: Connection, conversations: Conversations): void {
  const session = new Session();
  const conversation = { finish: () => connection.end(), destroy: () => connection.destroy() };
  let idle = host.clock.setTimer(GREETING_IDLE_MS, conversation.finish);
  conversations.add(conversation);
  connection.attach({
    onData(bytes) {
      idle.cancel();
      idle = host.clock.setTimer(GREETING_IDLE_MS, conversation.finish);
      for (const reply of session.receive(bytes)) connection.write(encodeReply(reply));
      if (session.over) connection.end();
    },
    onEnd: () => connection.end(),
    onClose() {
      idle.cancel();
      conversations.delete(conversation);
    },
  });
}
