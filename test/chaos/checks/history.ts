import * as E from 'fp-ts/lib/Either.js';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DomainEvent, RecordedEvent } from '../../../src/domain/events.js';
import { categoryOf } from '../../../src/domain/kernel/streams.js';
import { type ExistingOrder, order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type Payment, type PaymentEvent } from '../../../src/domain/payment/index.js';
import { stock, type Stock, type StockEvent } from '../../../src/domain/stock/index.js';
import { type ExistingTicket, isOpened, ticket, type TicketEvent } from '../../../src/domain/ticket/index.js';
import { openEventStore } from '../../../src/infrastructure/eventstore/index.js';
import { feedItem } from '../../../src/subscriptions/feed/feedItem.js';

/** Something with the revision that it stands at. */
export interface Standing<State> {
  readonly state: State;
  readonly revision: number;
}

/** The whole log, read by its own client, and what every stream folds to. */
export class History {
  readonly events: RecordedEvent[] = [];
  /** Events that cannot be decoded. */
  readonly unreadable: string[] = [];
  /** By stream. */
  readonly orders = new Map<string, Standing<ExistingOrder>>();
  readonly payments = new Map<string, Standing<Payment>>();
  readonly stocks = new Map<string, Standing<Stock>>();
  readonly tickets = new Map<string, Standing<ExistingTicket>>();

  get position(): bigint | null {
    return this.events.at(-1)?.position ?? null;
  }

  add(recorded: RecordedEvent): void {
    this.events.push(recorded);
    const { stream, revision } = recorded;
    const event: DomainEvent = recorded.event;
    switch (categoryOf(stream)) {
      case 'order': {
        const state = order.evolve(this.orders.get(stream)?.state ?? order.initial, event as OrderEvent);
        if (state.status !== 'none') this.orders.set(stream, { state, revision });
        return;
      }
      case 'payment': {
        const state = payment.evolve(this.payments.get(stream)?.state ?? payment.initial, event as PaymentEvent);
        this.payments.set(stream, { state, revision });
        return;
      }
      case 'stock': {
        const state = stock.evolve(this.stocks.get(stream)?.state ?? stock.initial, event as StockEvent);
        this.stocks.set(stream, { state, revision });
        return;
      }
      case 'ticket': {
        const state = ticket.evolve(this.tickets.get(stream)?.state ?? ticket.initial, event as TicketEvent);
        if (isOpened(state)) this.tickets.set(stream, { state, revision });
      }
    }
  }
}

export interface Following {
  readonly history: History;
  /** Whether everything that is in the log now has been read. */
  caughtUp(): Promise<boolean>;
  stop(): Promise<void>;
}

const AGAIN_MS = 500;

/** Follows the log from its first event on until stopped; a store that is away is waited for. */
export function followLog(eventStoreUrl: string): Following {
  const history = new History();
  const store = openEventStore({ url: eventStoreUrl });
  const stopping = new AbortController();
  let position: bigint | null = null;

  const following = (async () => {
    while (!stopping.signal.aborted) {
      try {
        for await (const message of store.feed.subscribe(position, stopping.signal)) {
          if (message.kind !== 'event') continue;
          const item = feedItem(message.event);
          position = item.position;
          if (E.isRight(item.decoded)) history.add(item.decoded.right);
          else history.unreadable.push(`${item.stream}@${item.revision}: ${item.decoded.left.reason}`);
        }
      } catch {
        await sleep(AGAIN_MS);
      }
    }
  })();
  return {
    history,
    caughtUp: async () => (await store.feed.head()) === position,
    stop: async () => {
      stopping.abort();
      await following;
      await store.close();
    },
  };
}
