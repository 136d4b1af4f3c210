import type { RecordedEvent } from '../../domain/events.js';
import type { CustomerRecord, OrderLine } from '../../domain/order/index.js';
import { BOOKING_WAITS_MS } from '../../domain/shipment/index.js';
import type { CheckRequestedV1 } from '../../consumers/contracts/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import type { Message } from './message.js';
import { orderBlock } from './orderBlock.js';
import { orderAt, shipmentAt } from './states.js';

/** The work that an event asks an engine to do; undefined where it asks for none. The same event gives the same job. */
export async function jobOf(recorded: RecordedEvent, folds: Folds): Promise<Message | undefined> {
  switch (recorded.event.type) {
    case 'OrderPlaced':
      return checkOf(recorded, folds);
    case 'LabelRequested':
      return bookingOf(recorded, folds);
    case 'LabelVoidRequested':
      return voidOf(recorded, folds);
    default:
      return undefined;
  }
}

async function checkOf(recorded: RecordedEvent, folds: Folds): Promise<Message | undefined> {
  const { event } = recorded;
  if (event.type !== 'OrderPlaced') return undefined;
  const { orderId, screening, checkId, placedAt, total, destination, lines, customer } = event.data;
  if (screening === undefined || checkId === undefined) return undefined;
  const { timeoutSeconds, onSilence: _, ...limits } = screening;
  const weight = weightOf(lines);
  return {
    type: 'check.requested.v1',
    subject: orderId,
    id: checkId,
    data: {
      checkId,
      requestId: recorded.id,
      actionType: 'order_check',
      order: orderBlock(await orderAt(recorded, folds)),
      value: total,
      deadline: new Date(Date.parse(placedAt) + timeoutSeconds * 1_000).toISOString(),
      ...(destination === undefined ? {} : { destination }),
      ...(weight === undefined ? {} : { weight }),
      ...(customer === undefined ? {} : { account: accountOf(customer, placedAt) }),
      limits,
    },
  };
}

/** What all that says how heavy it is weighs together; undefined where nothing does. */
function weightOf(lines: readonly OrderLine[]): number | undefined {
  const known = lines.flatMap(({ weight, qty }) => (weight === undefined ? [] : [weight * qty]));
  return known.length === 0 ? undefined : known.reduce((sum, grams) => sum + grams, 0);
}

const DAY_MS = 24 * 60 * 60_000;

const accountOf = (
  { orders, flags, since }: CustomerRecord,
  placedAt: string,
): NonNullable<CheckRequestedV1['account']> => ({
  age: since === undefined ? 0 : Math.max(0, Math.floor((Date.parse(placedAt) - Date.parse(since)) / DAY_MS)),
  orders,
  flags,
});

async function bookingOf(recorded: RecordedEvent, folds: Folds): Promise<Message | undefined> {
  const { event } = recorded;
  if (event.type !== 'LabelRequested') return undefined;
  const { details, deliverTo } = await shipmentAt(recorded, folds);
  if (deliverTo === undefined) return undefined;
  const { bookingId, carrier, service, parcels, from, at } = event.data;
  const { address, ...sender } = from;
  return {
    type: 'carrier.booking_requested.v1',
    subject: details.shipmentId,
    data: {
      bookingId,
      shipmentId: details.shipmentId,
      orderNumber: details.orderNumber,
      carrier,
      parcels,
      from: { ...sender, ...(address === undefined ? {} : { place: address }) },
      to: deliverTo,
      deadline: answeredBy(at),
      ...(service === undefined ? {} : { service }),
    },
  };
}

async function voidOf(recorded: RecordedEvent, folds: Folds): Promise<Message | undefined> {
  const { event, meta } = recorded;
  if (event.type !== 'LabelVoidRequested') return undefined;
  const { shipmentId, orderNumber } = (await shipmentAt(recorded, folds)).details;
  return {
    type: 'carrier.label_void_requested.v1',
    subject: shipmentId,
    data: { ...event.data, shipmentId, orderNumber, deadline: answeredBy(meta.at) },
  };
}

/** How long a carrier is waited for that was asked then. */
const answeredBy = (at: string): string => new Date(Date.parse(at) + BOOKING_WAITS_MS).toISOString();
