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

/** Nobody has said where it goes. */
export interface NoDestination {
  readonly _tag: 'NoDestination';
}

/** Nobody has said who takes it: there is no label, and no courier of ours. */
export interface CarrierRequired {
  readonly _tag: 'CarrierRequired';
}

/** Why a shipment refuses a command. */
export type ShipmentRejection =
  | NotFound
  | IllegalTransition
  | InvalidQuantity
  | EmptyShipment
  | AlreadyDispatched
  | ReasonRequired
  | NoDestination
  | CarrierRequired;
