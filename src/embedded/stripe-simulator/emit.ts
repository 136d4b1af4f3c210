import { newId } from './ids.js';
import type { EventRecord, EventType, Snapshot } from './records.js';
import type { Payable } from './script.js';
import type { Work } from './store.js';

/** What a change knows of its surroundings. */
export interface Context {
  readonly tx: Work;
  /** Seconds since 1970. */
  readonly now: number;
  /** Whether anybody is to be told: without an endpoint events are only kept. */
  readonly tellsWebhooks: boolean;
  /** What the next payer pays, where a test wants it to be something else than the session's. */
  readonly payable?: Payable;
  /** The API call that causes the change, if one does. */
  readonly request?: { readonly id: string; readonly idempotencyKey?: string };
}

/** Records that something happened, with the object as it is now, and owes the endpoint a webhook for it. */
export function emit({ tx, now, tellsWebhooks, request }: Context, type: EventType, snapshot: Snapshot): void {
  const event: EventRecord = {
    id: newId('evt'),
    seq: tx.nextSeq(),
    created: now,
    type,
    snapshot,
    ...(request ? { request } : {}),
  };
  tx.put('events', event);
  if (tellsWebhooks) tx.putPending({ eventId: event.id, seq: event.seq, attempts: 0, dueAt: 0 });
}
