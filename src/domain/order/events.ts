import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { amendingEvents } from './events/amending.js';
import { cancellingEvents } from './events/cancelling.js';
import { checkingEvents } from './events/checking.js';
import { fulfillingEvents } from './events/fulfilling.js';
import { holdingEvents } from './events/holding.js';
import { notingEvents } from './events/noting.js';
import { payingEvents } from './events/paying.js';
import { placingEvents } from './events/placing.js';
import { refundingEvents } from './events/refunding.js';
import { returningEvents } from './events/returning.js';
import { shippingEvents } from './events/shipping.js';

export { type CheckRule, CheckLimitsCodec, type CustomerRecord, type Screening } from './events/checking.js';
export type { OrderLine } from './events/line.js';
export { type OrderChannel, type OrderMode, OrderModeCodec, type RejectionReason } from './events/placing.js';
export type { By, Shortage } from './events/words.js';

const definitions = {
  ...placingEvents,
  ...checkingEvents,
  ...holdingEvents,
  ...payingEvents,
  ...cancellingEvents,
  ...amendingEvents,
  ...fulfillingEvents,
  ...shippingEvents,
  ...returningEvents,
  ...refundingEvents,
  ...notingEvents,
};

/** Every event of an order, as a union discriminated by `type`; each stands with its topic in `events`. */
export type OrderEvent = EventOf<typeof definitions>;
export const orderEvents = eventCodec(definitions);

/** What an event of that type says. */
export type OrderData<Type extends OrderEvent['type']> = Extract<OrderEvent, { type: Type }>['data'];
