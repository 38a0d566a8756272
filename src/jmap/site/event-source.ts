/** `/jmap/eventsource/`: that something has changed, told as it happens (RFC 8620 §7.3). */
import { type EventStream, eventStream, type Request, type Response } from '../../http/index.ts';
import { formFields } from '../../lib/form.ts';
import type { Account, MailChange } from '../../mail/index.ts';
import type { Clock, Timer } from '../../net/index.ts';
import { EVENT_SOURCES, PING_LEAST_S, PING_MOST_S, PUSH_DELAY_MS } from '../defaults.ts';
import { type Desk, deskOf } from '../desk.ts';
import { makeId } from '../machine/ids.ts';
import type { Service } from '../service.ts';
import type { JsonObject } from '../types.ts';
import { problem } from './answers.ts';

const TYPES = ['Email', 'EmailDelivery', 'Mailbox', 'Thread'] as const;

type PushType = (typeof TYPES)[number];

interface Wish {
  readonly types: readonly PushType[];
  readonly closesAfterState: boolean;
  /** 0: none. */
  readonly pingS: number;
  /** The state that the client knows. */
  readonly known: string | undefined;
}

export class EventSources {
  private readonly service: Service;
  private readonly open = new Map<number, Set<Source>>();

  constructor(service: Service) {
    this.service = service;
  }

  answer(account: Account, request: Request): Response {
    if (request.method !== 'GET') return problem(405, 'Events are asked for with GET.');
    const wish = wishOf(request);
    const desk = deskOf(this.service.store.open(account));
    const { clock } = this.service.host;
    return eventStream((stream) => {
      const own = this.open.get(account.id) ?? new Set();
      this.open.set(account.id, own);
      const [oldest] = own;
      if (own.size >= EVENT_SOURCES) oldest?.end();
      const source = new Source(desk, clock, stream, wish);
      own.add(source);
      return () => {
        own.delete(source);
        source.close();
      };
    });
  }
}

/** Strange words are left out, as a template that was not filled in well has them. */
function wishOf({ query, headers }: Request): Wish {
  const fields = formFields(query);
  const asked = (fields.get('types') ?? '*').split(',');
  const ping = Number(fields.get('ping') ?? 0);
  const isPing = Number.isFinite(ping) && ping > 0;
  return {
    types: asked.includes('*') ? TYPES : TYPES.filter((type) => asked.includes(type)),
    closesAfterState: fields.get('closeafter') === 'state',
    pingS: isPing ? Math.min(PING_MOST_S, Math.max(PING_LEAST_S, Math.floor(ping))) : 0,
    known: headers.get('Last-Event-ID'),
  };
}

class Source {
  private readonly desk: Desk;
  private readonly clock: Clock;
  private readonly stream: EventStream;
  private readonly wish: Wish;
  private readonly stop: () => void;
  private readonly changed = new Set<PushType>();
  private timer: Timer | undefined;
  private heart: Timer | undefined;
  private isFull = false;

  constructor(desk: Desk, clock: Clock, stream: EventStream, wish: Wish) {
    this.desk = desk;
    this.clock = clock;
    this.stream = stream;
    this.wish = wish;
    this.stop = desk.mail.watch((change) => this.note(change));
    stream.onDrain(() => {
      this.isFull = false;
      this.plan();
    });
    stream.comment('changes of this account');
    if (wish.known !== undefined && wish.known !== desk.mailboxState) {
      for (const type of TYPES) this.changed.add(type);
      this.plan();
    }
    this.beat();
  }

  end(): void {
    this.stream.end();
  }

  close(): void {
    this.stop();
    this.timer?.cancel();
    this.heart?.cancel();
  }

  private note(change: MailChange): void {
    this.changed.add('Mailbox');
    if (change.type === 'messages') {
      this.changed.add('Email').add('Thread');
      if (change.added.length > 0) this.changed.add('EmailDelivery');
    }
    this.plan();
  }

  private plan(): void {
    if (this.timer || this.isFull || this.changed.size === 0) return;
    this.timer = this.clock.setTimer(PUSH_DELAY_MS, () => this.tell());
  }

  private tell(): void {
    this.timer = undefined;
    const types = this.wish.types.filter((type) => this.changed.has(type));
    this.changed.clear();
    if (types.length === 0) return;
    const { desk } = this;
    const states = types.map((type) => [type, type === 'Mailbox' ? desk.mailboxState : desk.state]);
    const changed: JsonObject = {
      [makeId('A', desk.mail.account.id)]: Object.fromEntries(states) as JsonObject,
    };
    const data = JSON.stringify({ '@type': 'StateChange', changed });
    this.isFull = !this.stream.send({ event: 'state', data, id: desk.mailboxState });
    if (this.wish.closesAfterState) this.stream.end();
  }

  private beat(): void {
    const { pingS } = this.wish;
    if (pingS === 0) return;
    this.heart = this.clock.setTimer(pingS * 1000, () => {
      this.stream.send({ event: 'ping', data: JSON.stringify({ interval: pingS }) });
      this.beat();
    });
  }
}
