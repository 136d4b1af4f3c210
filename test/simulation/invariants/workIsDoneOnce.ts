import { inboxPlace } from '../../../src/consumers/ports/sealedText.js';
import type { Installation } from '../world/installation.js';
import { sealed } from '../world/process.js';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** Facts that an order, a payment or a ticket may have only once. */
const ONCE: ReadonlySet<string> = new Set([
  'OrderPlaced',
  'StockSecured',
  'OrderAccepted',
  'OrderConfirmed',
  'OrderFulfilled',
  'OrderCompleted',
  'OrderExpired',
  'OrderCancelled',
  'PaymentOpened',
  'CheckoutSessionCreated',
  'PaymentCaptured',
  'TicketOpened',
  'TicketReady',
  'TicketHandedOver',
]);

/** No consumer and no process does its work twice: one payment, one page, one ticket, one of each fact, each webhook once. */
export function workIsDoneOnce(): Invariant {
  const name = 'nobody does their work twice';
  const seen = new Set<string>();
  const once = (what: string): void => {
    if (seen.has(what)) throw new Violation(name, `${what} twice`);
    seen.add(what);
  };
  const inbox = new Map<string, unknown>();
  return {
    name,
    watches: new Set(['webhook_inbox']),
    committed: (_table, { id, provider, body }) => {
      const webhook = (JSON.parse(sealed.open(body as string, inboxPlace(provider as string))) as { id: string }).id;
      const known = inbox.get(webhook) ?? id;
      if (known !== id) throw new Violation(name, `the webhook ${webhook} is in the inbox twice`);
      inbox.set(webhook, id);
    },
    stored: ({ stream, event }) => {
      if (ONCE.has(event.type)) once(`${event.type} in ${stream}`);
      // what was made ready is not any more when something comes on top
      if (event.type === 'ItemsAdded') seen.delete(`TicketReady in ${stream}`);
      if (event.type === 'PaymentLinkAttached') once(`the link to ${event.data.paymentId} in ${stream}`);
      if (event.type === 'PaymentRequested') once(`the wish for ${event.data.paymentId} in ${stream}`);
      if (event.type === 'OrderAmended') once(`${event.type} ${event.data.amendmentId} in ${stream}`);
      if (event.type === 'StockReserved') once(`${event.type} ${event.data.reservationId} in ${stream}`);
      if (event.type === 'RefundSucceeded') once(`${event.type} ${event.data.refundId} in ${stream}`);
      if (event.type === 'RefundApplied') once(`${event.type} ${event.data.refundId} in ${stream}`);
      if (event.type === 'PaymentApplied') once(`${event.type} ${event.data.intentId} in ${stream}`);
      if (event.type === 'TicketOpened') once(`a ticket for ${event.data.orderId}`);
    },
    atRest: ({ provider }: Installation) => {
      const payments = [...provider.sessions.values()].map(({ metadata }) => metadata.paymentId);
      if (new Set(payments).size !== payments.length) throw new Violation(name, 'a payment has two pages');
    },
  };
}
