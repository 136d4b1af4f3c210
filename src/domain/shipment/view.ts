import type { ShipmentView, UnusedLabel } from './commands.js';
import { allowedWith, type ExistingShipment, isCreated, type Label, type Shipment, type UnderWay } from './state.js';

/** The shipment as clients see it, at the given revision; undefined when there is none. */
export function representShipment(shipment: ExistingShipment, revision: number): ShipmentView;
export function representShipment(shipment: Shipment, revision: number): ShipmentView | undefined;
export function representShipment(shipment: Shipment, revision: number): ShipmentView | undefined {
  if (!isCreated(shipment)) return undefined;
  const { details, packedAt, label, unused = [], courier } = shipment;
  return {
    id: details.shipmentId,
    orderId: details.orderId,
    orderNumber: details.orderNumber,
    locationId: details.locationId,
    state: shipment.status,
    revision,
    lines: details.lines.map(({ qty, ...line }) => ({ ...line, quantity: qty })),
    ...('dispatch' in shipment ? sent(shipment.dispatch) : {}),
    ...(label === undefined ? {} : { label: labelShown(label) }),
    ...(unused.length === 0 ? {} : { unusedLabels: unused.map(unusedShown) }),
    ...(courier === undefined ? {} : { courier }),
    attempts: shipment.attempts.map(({ at, reason }) => ({ at, reason })),
    allowed: allowedWith(shipment),
    createdAt: details.createdAt,
    ...(packedAt === undefined ? {} : { packedAt }),
    ...('endedAt' in shipment ? { endedAt: shipment.endedAt } : {}),
    ...('reason' in shipment && shipment.reason !== undefined ? { reason: shipment.reason } : {}),
  };
}

const sent = ({ carrier, service, trackingNo, dispatchedAt }: UnderWay['dispatch']) => ({
  carrier,
  ...(service === undefined ? {} : { service }),
  ...(trackingNo === undefined ? {} : { trackingNo }),
  dispatchedAt,
});

const labelShown = ({ bookingId: _, ...label }: Label): NonNullable<ShipmentView['label']> => label;

const unusedShown = ({ bookingId: _, ...label }: UnusedLabel): Omit<UnusedLabel, 'bookingId'> => label;
