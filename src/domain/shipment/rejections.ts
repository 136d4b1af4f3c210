import type {
  AlreadyDispatched,
  IllegalTransition,
  InvalidQuantity,
  NotFound,
  ReasonRequired,
} from '../kernel/rejections.js';

/** A shipment without a single unit would be an empty parcel. */
export interface EmptyShipment {
  readonly _tag: 'EmptyShipment';
}

/** Why a shipment refuses a command. */
export type ShipmentRejection =
  NotFound | IllegalTransition | InvalidQuantity | EmptyShipment | AlreadyDispatched | ReasonRequired;
