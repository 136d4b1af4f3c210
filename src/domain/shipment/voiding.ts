import { alreadyTrue, refuse } from '../kernel/decision.js';
import { notFound } from '../kernel/rejections.js';
import type { ShipmentEvent } from './events.js';
import { evolve } from './evolve.js';
import { type Command, facts, type ShipmentDecision } from './facts.js';
import { type ExistingShipment, heard, isCreated, isWaiting, type Shipment } from './state.js';

type VoidRequested = Extract<ShipmentEvent, { type: 'LabelVoidRequested' }>;

/**
 * A label costs money. Whatever is decided, the same decision asks the carrier to take back a label that it leaves without a use: the
 * shipment is not sent, or goes elsewhere, or with another carrier, or the label came when there was another one. So nothing
 * can come between.
 *
 * @param shipment as it stood before these events
 */
export function voidsAfter(shipment: ExistingShipment, events: readonly ShipmentEvent[]): readonly VoidRequested[] {
  const after = events.reduce<Shipment>(evolve, shipment);
  if (events.length === 0 || !isCreated(after)) return [];
  const asked = new Set(after.unused?.map(({ bookingId }) => bookingId));
  return bought(shipment, events)
    .filter(({ bookingId }) => !isOfUse(after, bookingId) && !asked.has(bookingId) && asked.add(bookingId))
    .map((data) => ({ type: 'LabelVoidRequested', data }));
}

/** The labels that these events may have left without a use. */
function bought({ label }: ExistingShipment, events: readonly ShipmentEvent[]): readonly VoidRequested['data'][] {
  const before =
    label?.state === 'bought' && label.trackingNo !== undefined ? [{ ...label, trackingNo: label.trackingNo }] : [];
  const now = events.flatMap((event) => (event.type === 'LabelBought' ? [event.data] : []));
  return [...before, ...now].map(({ bookingId, carrier, trackingNo, labelRef }) => ({
    bookingId,
    carrier,
    trackingNo,
    ...(labelRef === undefined ? {} : { labelRef }),
  }));
}

/** Whether the shipment goes, or is to go, with this label. */
const isOfUse = (shipment: ExistingShipment, bookingId: string): boolean => {
  const { label } = shipment;
  if (label?.bookingId !== bookingId || label.state !== 'bought') return false;
  return isWaiting(shipment) || ('dispatch' in shipment && shipment.dispatch.carrier === label.carrier);
};

/** What the carrier says to that; also when it is not waited for any more. */
export function recordLabelVoid(command: Command<'RecordLabelVoid'>, shipment: ExistingShipment): ShipmentDecision {
  const { carrier, carrierEventId, bookingId, answer, occurredAt: at } = command;
  if (heard(shipment, command)) return alreadyTrue;
  if (!shipment.unused?.some((label) => label.bookingId === bookingId)) return refuse(notFound('label', bookingId));
  const told = { bookingId, carrier, carrierEventId, at, by: `carrier/${carrier}` };
  return answer.status === 'voided'
    ? facts({ type: 'LabelVoided', data: told })
    : facts({ type: 'LabelVoidRefused', data: { ...told, reason: answer.reason } });
}

/** Nobody waits for that answer any more. One that comes all the same counts. */
export function lapseLabelVoid(
  command: Command<'LapseLabelVoid'>,
  { unused = [] }: ExistingShipment,
): ShipmentDecision {
  const { bookingId, at, by } = command;
  return unused.some((label) => label.bookingId === bookingId && label.state === 'requested')
    ? facts({ type: 'LabelVoidLapsed', data: { bookingId, at, by } })
    : alreadyTrue;
}
