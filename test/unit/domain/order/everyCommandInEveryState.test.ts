import { order } from '../../../../src/domain/order/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { commands, histories } from './histories.js';

const inEvery = everywhere(histories);
const illegal = '!IllegalTransition';
const unknown = '!NotFound';

describe('an order, every command in every state', () => {
  decisionTable(order, histories, commands, {
    PlaceOrder: inEvery('!AlreadyExists', { none: 'OrderPlaced' }),
    RecordStockSecured: inEvery('nothing', {
      none: unknown,
      placed: 'StockSecured + OrderAccepted',
      rejected: illegal,
      expired: illegal,
      cancelled: illegal,
    }),
    RecordStockShort: inEvery(illegal, { none: unknown, placed: 'StockShort + OrderRejected', rejected: 'nothing' }),
    AttachPaymentLink: inEvery(illegal, {
      none: unknown,
      awaiting_payment: 'PaymentLinkAttached',
      confirmed: 'nothing',
      in_fulfilment: 'nothing',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    ApplyPayment: inEvery('nothing', {
      none: unknown,
      placed: 'PaymentApplied',
      awaiting_payment: 'PaymentApplied + OrderConfirmed',
      rejected: 'PaymentApplied + RefundDue',
      expired: 'PaymentApplied + RefundDue',
      cancelled: 'PaymentApplied + RefundDue',
    }),
    ExpireOrder: inEvery('nothing', {
      none: unknown,
      placed: illegal,
      awaiting_payment: 'OrderExpired',
      rejected: illegal,
      cancelled: illegal,
    }),
    RequestCancellation: inEvery('!CancellationWindowClosed', {
      none: unknown,
      placed: 'OrderCancelled',
      awaiting_payment: 'OrderCancelled',
      rejected: illegal,
      expired: illegal,
      cancelled: 'nothing',
    }),
    StartFulfilment: inEvery(illegal, {
      none: unknown,
      confirmed: 'FulfilmentStarted',
      in_fulfilment: 'nothing',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    RecordProgress: inEvery(illegal, {
      none: unknown,
      in_fulfilment: 'FulfilmentProgressed',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    RecordLinesFulfilled: inEvery(illegal, {
      none: unknown,
      confirmed: 'LinesFulfilled + OrderFulfilled',
      in_fulfilment: 'LinesFulfilled + OrderFulfilled',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    CompleteOrder: inEvery(illegal, { none: unknown, fulfilled: 'OrderCompleted', completed: 'nothing' }),
  });
});
