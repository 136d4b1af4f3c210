import Stripe from 'stripe';
import { renderCharge } from './objects/charge.js';
import { renderDispute } from './objects/dispute.js';
import { renderIntent } from './objects/intent.js';
import { renderRefund } from './objects/refund.js';
import { renderSession } from './objects/session.js';
import type { EventRecord, Kind, Records, Snapshot } from './records.js';
import type { Reader } from './store.js';

/**
 * Stripe's objects, made from what the simulator keeps. Their types are those of the client, so that a field that
 * Stripe always sends is not forgotten. Source: https://docs.stripe.com/api.
 */
export interface Rendering {
  readonly reader: Reader;
  /** Where the payment pages are, without a slash at the end. */
  readonly publicUrl: string;
}

export function renderEvent(event: EventRecord, rendering: Rendering): object {
  return {
    id: event.id,
    object: 'event',
    api_version: Stripe.API_VERSION,
    created: event.created,
    data: { object: renderSnapshot(event.snapshot, rendering) },
    livemode: false,
    pending_webhooks: rendering.reader.isPending(event.id) ? 1 : 0,
    request: { id: event.request?.id ?? null, idempotency_key: event.request?.idempotencyKey ?? null },
    type: event.type,
  };
}

function renderSnapshot(snapshot: Snapshot, rendering: Rendering): object {
  switch (snapshot.kind) {
    case 'sessions':
      return renderSession(snapshot.record, rendering);
    case 'intents':
      return renderIntent(snapshot.record);
    case 'charges':
      return renderCharge(snapshot.record);
    case 'refunds':
      return renderRefund(snapshot.record);
    case 'disputes':
      return renderDispute(snapshot.record);
  }
}

/** Any record as Stripe shows it. */
export function render<K extends Kind>(kind: K, record: Records[K], rendering: Rendering): object {
  return kind === 'events'
    ? renderEvent(record as EventRecord, rendering)
    : renderSnapshot({ kind, record } as Snapshot, rendering);
}
