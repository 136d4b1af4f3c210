import { order, type OrderView, representOrder, withoutPage } from '../../domain/order/index.js';
import { typesOf } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { storedDocuments } from '../documents/storedDocuments.js';
import { ORDER_VIEW } from './schema.js';
import { wordsOfOrder } from './searchWords.js';

export interface OrderProjectionOptions {
  /** How many states are kept in memory; default as {@link storedDocuments} has it. */
  readonly maxStates?: number;
}

/** The order view: single orders and lists. */
export function orderProjection({ maxStates }: OrderProjectionOptions = {}): ReadModel {
  const documents = storedDocuments({
    folding: order,
    stateVersion: 4,
    table: ORDER_VIEW,
    idOf: (stream) => stream.slice(`${order.category}-`.length),
    represent: (state, revision): OrderView | undefined => representOrder(state, revision),
    columns: [
      { name: 'status', type: 'text' },
      { name: 'number', type: 'text' },
      { name: 'merchant_order_no', type: 'text' },
      { name: 'refund_pending', type: 'boolean' },
      { name: 'amending', type: 'boolean' },
      { name: 'page_due_at', type: 'timestamptz' },
      { name: 'placed_at', type: 'timestamptz' },
      { name: 'payment', type: 'text' },
      { name: 'fulfilment', type: 'text' },
      { name: 'mode', type: 'text' },
      { name: 'channel', type: 'text' },
      { name: 'location_id', type: 'text' },
      { name: 'search', type: 'text' },
    ],
    ...(maxStates === undefined ? {} : { maxStates }),
    columnsOf: (view, state) => ({
      status: view.status,
      number: view.number,
      merchant_order_no: view.merchantOrderNo ?? null,
      refund_pending: view.refunds.status === 'pending',
      amending: view.amendment?.state === 'pending',
      page_due_at: withoutPage(state)?.dueAt ?? null,
      placed_at: view.placedAt,
      payment: view.payment.status,
      fulfilment: view.fulfilment.status,
      mode: view.mode,
      channel: view.channel,
      location_id: view.locationId,
      search: wordsOfOrder(view).join(' '),
    }),
  });
  return {
    name: ORDER_VIEW,
    tables: [documents.table],
    wants: typesOf(order),
    project: (events, transaction) => documents.project(events, transaction),
    committed: () => documents.committed(),
  };
}
