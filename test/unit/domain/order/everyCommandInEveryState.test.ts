import { order } from '../../../../src/domain/order/index.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { aPayment, aShipment, eur } from '../../../support/fixtures.js';
import {
  amendmentRequested,
  cancellationRequested,
  commands,
  histories,
  linkAttached,
  orderHeld,
  shipped,
} from './histories.js';

/** Each status; a status in which one thing more is known where that changes what may follow. */
const unpaid = [...histories.awaiting_payment, linkAttached];
const states = {
  ...histories,
  held_before_payment: [...histories.awaiting_payment, orderHeld({ kind: 'mismatch', resumeTo: 'awaiting_payment' })],
  held_after_payment: [...histories.confirmed, orderHeld({ resumeTo: 'confirmed' })],
  cancelling: [...histories.in_fulfilment, cancellationRequested],
  amending: [...histories.confirmed, amendmentRequested()],
  to_be_paid_later: [...unpaid, { type: 'OrderConfirmed', data: { basis: 'pay_later' } } as const],
  money_held: [
    ...unpaid,
    {
      type: 'OrderConfirmed',
      data: { basis: 'authorized', paymentId: aPayment, authorized: eur(2000) },
    } as const,
  ],
};
const inEvery = everywhere(states);
const illegal = '!IllegalTransition';
const unknown = '!NotFound';

describe('an order, every command in every state', () => {
  decisionTable(order, states, commands, {
    PlaceOrder: inEvery('!AlreadyExists', { none: 'OrderPlaced' }),
    RecordStockSecured: inEvery('nothing', {
      none: unknown,
      placed: 'StockSecured + OrderAccepted',
      on_hold: 'StockSecured',
      rejected: illegal,
      expired: illegal,
      cancelled: illegal,
    }),
    RecordStockShort: inEvery(illegal, {
      none: unknown,
      placed: 'StockShort + OrderRejected',
      on_hold: 'StockShort + OrderRejected',
      rejected: 'nothing',
    }),
    RecordCheckResult: inEvery('OrderChecked', { none: unknown }),
    HoldOrder: inEvery(illegal, {
      amending: 'OrderHeld',
      to_be_paid_later: 'OrderHeld',
      money_held: 'OrderHeld',
      none: unknown,
      placed: 'OrderHeld',
      on_hold: 'nothing',
      held_after_payment: 'nothing',
      awaiting_payment: 'OrderHeld',
      confirmed: 'OrderHeld',
    }),
    ResolveHold: inEvery(illegal, {
      none: unknown,
      on_hold: 'OrderHoldResolved',
      held_before_payment: 'OrderHoldResolved',
      held_after_payment: 'OrderHoldResolved',
    }),
    AttachPaymentLink: inEvery(illegal, {
      amending: 'nothing',
      to_be_paid_later: 'nothing',
      money_held: 'nothing',
      none: unknown,
      awaiting_payment: 'PaymentLinkAttached',
      held_before_payment: 'PaymentLinkAttached',
      confirmed: 'nothing',
      held_after_payment: 'nothing',
      in_fulfilment: 'nothing',
      cancelling: 'nothing',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    DetachPaymentLink: inEvery('PaymentLinkDetached', {
      none: unknown,
      placed: 'nothing',
      on_hold: 'nothing',
      awaiting_payment: 'nothing',
      held_before_payment: 'nothing',
      rejected: 'nothing',
      expired: 'nothing',
      cancelled: 'nothing',
    }),
    ApplyPayment: inEvery('nothing', {
      to_be_paid_later: 'PaymentApplied',
      money_held: 'PaymentApplied',
      none: unknown,
      placed: 'PaymentApplied',
      on_hold: 'PaymentApplied',
      awaiting_payment: 'PaymentApplied + OrderConfirmed',
      held_before_payment: 'PaymentApplied',
      rejected: 'PaymentApplied + RefundDue',
      expired: 'PaymentApplied + RefundDue',
      cancelled: 'PaymentApplied + RefundDue',
    }),
    RequestPayment: inEvery('!NothingDue', {
      to_be_paid_later: 'PaymentRequested',
      none: unknown,
      placed: illegal,
      on_hold: illegal,
      held_before_payment: illegal,
      held_after_payment: illegal,
      awaiting_payment: 'nothing',
    }),
    ConfirmAuthorized: inEvery(illegal, { none: unknown, awaiting_payment: 'OrderConfirmed', money_held: 'nothing' }),
    RecordAuthorizationLost: inEvery('nothing', {
      none: unknown,
      placed: '!PaymentNotAwaited',
      on_hold: '!PaymentNotAwaited',
      awaiting_payment: 'AuthorizationLost',
      held_before_payment: 'AuthorizationLost',
      money_held: 'AuthorizationLost',
    }),
    ConfirmPayLater: inEvery(illegal, {
      none: unknown,
      awaiting_payment: 'OrderConfirmed',
      to_be_paid_later: 'nothing',
    }),
    ExpireOrder: inEvery('nothing', {
      none: unknown,
      placed: illegal,
      on_hold: illegal,
      held_before_payment: illegal,
      awaiting_payment: 'OrderExpired',
      rejected: illegal,
      cancelled: illegal,
    }),
    RequestCancellation: inEvery('!CancellationWindowClosed', {
      amending: 'CancellationRequested',
      to_be_paid_later: 'CancellationRequested',
      money_held: 'CancellationRequested',
      none: unknown,
      placed: 'OrderCancelled',
      on_hold: 'OrderCancelled',
      awaiting_payment: 'OrderCancelled',
      held_before_payment: 'OrderCancelled',
      confirmed: 'CancellationRequested',
      held_after_payment: 'CancellationRequested',
      in_fulfilment: 'CancellationRequested',
      cancelling: 'nothing',
      rejected: illegal,
      expired: illegal,
      cancelled: 'nothing',
    }),
    SettleCancellation: inEvery(unknown, { cancelling: 'OrderCancelled + RefundDue', cancelled: 'nothing' }),
    CancelLines: inEvery(illegal, {
      amending: 'LinesCancelled + RefundDue',
      to_be_paid_later: 'LinesCancelled',
      money_held: 'LinesCancelled',
      none: unknown,
      confirmed: 'LinesCancelled + RefundDue',
      held_after_payment: 'LinesCancelled + RefundDue',
      in_fulfilment: 'LinesCancelled + RefundDue',
      cancelling: 'LinesCancelled + RefundDue',
      fulfilled: '!CancellationWindowClosed',
      completed: '!CancellationWindowClosed',
    }),
    AmendOrder: inEvery(illegal, {
      none: unknown,
      amending: 'nothing',
      confirmed: 'AmendmentRequested',
      in_fulfilment: 'AmendmentRequested',
      to_be_paid_later: 'AmendmentRequested',
      money_held: 'AmendmentRequested',
    }),
    SettleAmendment: inEvery(unknown, { amending: 'OrderAmended + RefundDue' }),
    DeclineAmendment: inEvery(unknown, { amending: 'AmendmentDeclined' }),
    StartFulfilment: inEvery(illegal, {
      amending: 'FulfilmentStarted',
      to_be_paid_later: 'FulfilmentStarted',
      money_held: 'FulfilmentStarted',
      none: unknown,
      confirmed: 'FulfilmentStarted',
      held_after_payment: 'FulfilmentStarted',
      in_fulfilment: 'nothing',
      cancelling: 'nothing',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    RecordProgress: inEvery(illegal, {
      none: unknown,
      in_fulfilment: 'FulfilmentProgressed',
      cancelling: 'FulfilmentProgressed',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    RecordLinesFulfilled: inEvery(illegal, {
      amending: 'LinesFulfilled + OrderFulfilled',
      to_be_paid_later: 'LinesFulfilled + OrderFulfilled',
      money_held: 'LinesFulfilled + OrderFulfilled',
      none: unknown,
      confirmed: 'LinesFulfilled + OrderFulfilled',
      held_after_payment: 'LinesFulfilled + OrderFulfilled',
      in_fulfilment: 'LinesFulfilled + OrderFulfilled',
      cancelling: 'LinesFulfilled + OrderFulfilled',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    GrantRefund: inEvery('RefundDue', {
      to_be_paid_later: '!RefundExceedsCaptured',
      money_held: '!RefundExceedsCaptured',
      none: unknown,
      placed: '!RefundExceedsCaptured',
      on_hold: '!RefundExceedsCaptured',
      awaiting_payment: '!RefundExceedsCaptured',
      held_before_payment: '!RefundExceedsCaptured',
      rejected: '!RefundExceedsCaptured',
      expired: '!RefundExceedsCaptured',
      cancelled: '!RefundExceedsCaptured',
    }),
    RecordRefund: inEvery('RefundApplied', { none: unknown }),
    RecordReturn: inEvery(illegal, { none: unknown, fulfilled: 'LinesReturned', completed: 'LinesReturned' }),
    CompleteOrder: inEvery(illegal, { none: unknown, fulfilled: 'OrderCompleted', completed: 'nothing' }),
    AllotLines: inEvery(illegal, {
      none: unknown,
      in_fulfilment: '!QuantityNotAvailable',
      cancelling: '!QuantityNotAvailable',
    }),
    RecordDispatch: inEvery(unknown),
    RecordRelease: inEvery(unknown),
    ChangeDelivery: inEvery(illegal, { none: unknown }),
    RecordPromise: inEvery('DeliveryChanged', {
      none: unknown,
      rejected: 'nothing',
      expired: 'nothing',
      cancelled: 'nothing',
      fulfilled: 'nothing',
      completed: 'nothing',
    }),
    AddNote: inEvery('NoteAdded', { none: unknown }),
  });
});

/** What shipping adds, where an order is sent by parcel. */
const inEveryShipped = everywhere(shipped);
const { AllotLines, RecordDispatch, RecordRelease, ChangeDelivery, CancelLines, SettleCancellation, AmendOrder } =
  commands;
const { RecordLinesFulfilled, RequestCancellation } = commands;

describe('an order that is shipped, every command about its shipments in every state', () => {
  decisionTable(
    order,
    shipped,
    {
      AllotLines,
      RecordDispatch,
      RecordRelease,
      ChangeDelivery,
      CancelLines,
      SettleCancellation,
      AmendOrder,
      RequestCancellation,
      RecordLinesFulfilled: { ...RecordLinesFulfilled, by: aShipment, how: 'delivered' },
    },
    {
      AllotLines: inEveryShipped('nothing', { to_ship: 'LinesAllotted' }),
      RecordDispatch: inEveryShipped('nothing', {
        to_ship: unknown,
        allotted: 'LinesDispatched + FulfilmentProgressed',
      }),
      RecordRelease: inEveryShipped('nothing', {
        to_ship: unknown,
        allotted: 'LinesReleased',
        dispatched: 'LinesReleased',
      }),
      ChangeDelivery: inEveryShipped('DeliveryChanged', {
        dispatched: '!AlreadyDispatched',
        delivered: illegal,
      }),
      CancelLines: inEveryShipped('LinesCancelled + RefundDue', {
        allotted: '!QuantityNotAvailable',
        dispatched: '!QuantityNotAvailable',
        delivered: '!CancellationWindowClosed',
      }),
      SettleCancellation: inEveryShipped(unknown),
      AmendOrder: inEveryShipped('AmendmentRequested', {
        allotted: '!LineAlreadyStarted',
        dispatched: illegal,
        delivered: illegal,
      }),
      RequestCancellation: inEveryShipped('CancellationRequested', {
        dispatched: '!CancellationWindowClosed',
        delivered: '!CancellationWindowClosed',
      }),
      RecordLinesFulfilled: inEveryShipped('LinesFulfilled + OrderFulfilled', { delivered: 'nothing' }),
    },
  );
});
