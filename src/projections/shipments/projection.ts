import { representShipment, shipment, type ShipmentView } from '../../domain/shipment/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import { typesOf } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { foldedDocuments } from '../documents/foldedDocuments.js';
import { SHIPMENT_VIEW } from './schema.js';

export interface ShipmentProjectionOptions {
  readonly folds: Folds;
  readonly maxStates?: number;
}

/** Shipments and how far they are. One that was taken back before it was made has no row. */
export function shipmentProjection({ folds, maxStates }: ShipmentProjectionOptions): ReadModel {
  const documents = foldedDocuments({
    aggregate: shipment,
    folds,
    table: SHIPMENT_VIEW,
    idOf: (stream) => stream.slice(`${shipment.category}-`.length),
    represent: (state, revision): ShipmentView | undefined => representShipment(state, revision),
    columns: [
      { name: 'order_id', type: 'text' },
      { name: 'status', type: 'text' },
      { name: 'created_at', type: 'timestamptz' },
    ],
    ...(maxStates === undefined ? {} : { maxStates }),
    columnsOf: ({ orderId, state, createdAt }) => ({ order_id: orderId, status: state, created_at: createdAt }),
  });
  return {
    name: SHIPMENT_VIEW,
    tables: [documents.table],
    wants: typesOf(shipment),
    prepare: (events) => documents.prepare(events),
    project: (events, transaction) => documents.project(events, transaction),
    committed: (events) => documents.committed(events),
  };
}
