import type { Sealed } from '../kernel/sealed.js';
import type { LabelState, ShipmentAction, ShipmentStatus, UnusedLabel } from './commands.js';
import type { ShipmentEvent } from './events.js';

type Data<Type extends ShipmentEvent['type']> = Extract<ShipmentEvent, { type: Type }>['data'];

/** How our own courier is called where a carrier is named. */
export const OWN_COURIER = 'courier';

/** How long a carrier is waited for. */
export const BOOKING_WAITS_MS = 24 * 60 * 60_000;

/** A label that a carrier was asked for. */
export interface Label {
  readonly bookingId: string;
  readonly carrier: string;
  readonly service?: string;
  readonly state: LabelState;
  readonly requestedAt: string;
  readonly trackingNo?: string;
  readonly labelRef?: string;
  readonly reason?: string;
}

interface ShipmentFacts {
  /** As it was created; its lines never change. */
  readonly details: Data<'ShipmentCreated'>;
  readonly deliverTo?: Sealed;
  readonly packedAt?: string;
  /** The one that was asked for last. */
  readonly label?: Label;
  /** Every wish for a label, so that each answer finds its own. */
  readonly bookings: readonly string[];
  /** Those that were bought and are not used, the oldest wish first. */
  readonly unused?: readonly UnusedLabel[];
  /** Who of ours brings it. */
  readonly courier?: string;
  /** Words of carriers that were recorded: see {@link heard}. */
  readonly updates: readonly string[];
  /** The latest time that a carrier told of: what happened before it comes late, and moves nothing. */
  readonly toldUntil?: string;
  readonly attempts: readonly { readonly attemptId: string; readonly at: string; readonly reason: string }[];
}

interface Sent extends ShipmentFacts {
  readonly dispatch: Data<'ShipmentDispatched'>;
}

interface Ended {
  readonly endedAt: string;
  readonly reason?: string;
}

/** Still in our hands. */
export type Waiting = ShipmentFacts & { readonly status: 'pending' | 'packed' };
/** In the carrier's hands, or our courier's. */
export type UnderWay = Sent & { readonly status: 'in_transit' | 'out_for_delivery' | 'delivery_failed' };
export type ExistingShipment =
  | Waiting
  | UnderWay
  | (Sent & Ended & { readonly status: 'delivered' | 'returned' | 'lost' })
  | (ShipmentFacts & Ended & { readonly status: 'cancelled' });
/** A shipment, one case a group of statuses. */
export type Shipment =
  | { readonly status: 'none' }
  /** Cancelled before it was created: it never will be. */
  | { readonly status: 'withdrawn' }
  | ExistingShipment;

/** Whether there is a shipment to be seen. */
export const isCreated = (shipment: Shipment): shipment is ExistingShipment =>
  shipment.status !== 'none' && shipment.status !== 'withdrawn';

export const isWaiting = (shipment: Shipment): shipment is Waiting =>
  shipment.status === 'pending' || shipment.status === 'packed';

export const isUnderWay = (shipment: Shipment): shipment is UnderWay =>
  shipment.status === 'in_transit' || shipment.status === 'out_for_delivery' || shipment.status === 'delivery_failed';

interface Word {
  readonly carrier: string;
  readonly carrierEventId: string;
}
/** A carrier's word as it is remembered: two carriers may call theirs the same. */
export const wordOf = ({ carrier, carrierEventId }: Word): string => `${carrier}/${carrierEventId}`;

/** Whether that word of a carrier is recorded already. */
export const heard = ({ updates }: ExistingShipment, word: Word): boolean => updates.includes(wordOf(word));

/** Whether it is, or was, on its way. */
export const wasDispatched = (shipment: Shipment): boolean => 'dispatch' in shipment;

const UNDER_WAY: readonly ShipmentAction[] = ['deliver', 'fail_attempt', 'return', 'mark_lost'];
const ALLOWED: Readonly<Record<ShipmentStatus, readonly ShipmentAction[]>> = {
  pending: ['pack', 'dispatch', 'cancel'],
  packed: ['dispatch', 'cancel'],
  in_transit: UNDER_WAY,
  out_for_delivery: UNDER_WAY,
  delivery_failed: UNDER_WAY,
  delivered: [],
  returned: [],
  lost: ['deliver'],
  cancelled: [],
};

/** Whether a carrier owes an answer, or a label is there. */
const hasLabel = ({ label }: ShipmentFacts): boolean => label?.state === 'requested' || label?.state === 'bought';

/** Whether a carrier may be asked for a label: one is enough, and it needs to know where to. */
export const mayBuyLabel = (shipment: ExistingShipment): boolean =>
  isWaiting(shipment) && shipment.deliverTo !== undefined && !hasLabel(shipment);

/** Whether one of ours may bring it: as long as no carrier is to, or has it. */
export const mayAssignCourier = (shipment: ExistingShipment): boolean =>
  isWaiting(shipment) ? !hasLabel(shipment) : isUnderWay(shipment) && shipment.dispatch.carrier === OWN_COURIER;

/** What may be done with a shipment next. */
export const allowedWith = (shipment: ExistingShipment): readonly ShipmentAction[] => [
  ...ALLOWED[shipment.status],
  ...(mayBuyLabel(shipment) ? (['buy_label'] as const) : []),
  ...(mayAssignCourier(shipment) ? (['assign_courier'] as const) : []),
];
