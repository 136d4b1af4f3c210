import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import type { Leftovers } from '../../../src/processes/ports/leftovers.js';
import type { TestApi } from '../../support/inMemory/api.js';

/** What is left over or under way, as the read models tell it, and some more. */
export const leftoversOf = (api: TestApi, timersOf: Leftovers['timersOf']): Leftovers => ({
  unfinishedOrders: () => Promise.resolve(ordersWith(api, 'OrderPlaced')),
  deadOrdersAtWork: () => Promise.resolve(ordersWith(api, 'OrderCancelled')),
  ordersWithoutPage: () => Promise.resolve(ordersWith(api, 'OrderAccepted')),
  timersOf,
  paymentsBetween: () => Promise.resolve(paymentsOf(api)),
  stockItems: () => Promise.resolve([]),
  webhooksWaiting: () => Promise.resolve(0),
  refundsUnderWay: () => Promise.resolve(paymentsRefunding(api)),
  refundsOwed: () => Promise.resolve(ordersWith(api, 'RefundDue', 'RefundApplied')),
  amendmentsWaiting: () => Promise.resolve(ordersWith(api, 'AmendmentRequested')),
});

/** What the read model of payments tells: those with a refund that is asked for and not over. */
const paymentsRefunding = (api: TestApi): readonly PaymentId[] =>
  api.store
    .names('payment')
    .filter((stream) => api.store.events(stream).some(({ type }) => type === 'RefundApproved'))
    .map((stream) => stream.slice('payment-'.length) as PaymentId);

/** Every payment: more than were made on a day. */
const paymentsOf = (api: TestApi): readonly PaymentId[] =>
  api.store.names('payment').map((stream) => stream.slice('payment-'.length) as PaymentId);

/** What the read model of orders tells, and some more: those with an event of one of these types. */
const ordersWith = (api: TestApi, ...wanted: readonly string[]): readonly OrderId[] =>
  api.store
    .names('order')
    .filter((stream) => api.store.events(stream).some(({ type }) => wanted.includes(type)))
    .map((stream) => stream.slice('order-'.length) as OrderId);
