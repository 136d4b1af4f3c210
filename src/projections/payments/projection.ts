import { payment, type PaymentView, representPayment } from '../../domain/payment/index.js';
import type { Folds } from '../../subscriptions/contract.js';
import { typesOf } from '../documents/document.js';
import type { ReadModel } from '../documents/documentTable.js';
import { foldedDocuments } from '../documents/foldedDocuments.js';
import { PAYMENT_VIEW } from './schema.js';

export interface PaymentProjectionOptions {
  readonly folds: Folds;
  readonly maxStates?: number;
}

/** Payments with their refunds and disputes. One that was closed before anybody opened it has no row. */
export function paymentProjection({ folds, maxStates }: PaymentProjectionOptions): ReadModel {
  const documents = foldedDocuments({
    aggregate: payment,
    folds,
    table: PAYMENT_VIEW,
    idOf: (stream) => stream.slice(`${payment.category}-`.length),
    represent: (state, revision): PaymentView | undefined => representPayment(state, revision),
    columns: [
      { name: 'order_id', type: 'text' },
      { name: 'ordinal', type: 'bigint' },
      { name: 'status', type: 'text' },
      { name: 'refund_under_way', type: 'boolean' },
      { name: 'refund_astray', type: 'boolean' },
    ],
    ...(maxStates === undefined ? {} : { maxStates }),
    columnsOf: ({ orderId, ordinal, status, refunds, foreignRefunds }) => ({
      order_id: orderId,
      ordinal,
      status,
      refund_under_way: refunds.some(({ state }) => state === 'approved' || state === 'submitted'),
      // it failed, or was made elsewhere: what the order owes does not tell whether it has heard of it
      refund_astray: foreignRefunds.length > 0 || refunds.some(({ state }) => state === 'failed'),
    }),
  });
  return {
    name: PAYMENT_VIEW,
    tables: [documents.table],
    wants: typesOf(payment),
    prepare: (events) => documents.prepare(events),
    project: (events, transaction) => documents.project(events, transaction),
    committed: (events) => documents.committed(events),
  };
}
