import type { PaymentId } from '../kernel/ids.js';
import type { OrderCommand } from './commands.js';
import type { OrderEvent } from './events.js';
import type { AwaitedPayment, ExistingOrder, Order } from './state.js';
import { isDead } from './facets.js';
import { outstanding } from './sums.js';

type Wish = Pick<
  Extract<OrderCommand, { type: 'RequestPayment' }>,
  'insteadOf' | 'paymentId' | 'ordinal' | 'at' | 'requestKey'
>;
type Requested = Extract<OrderEvent, { type: 'PaymentRequested' }>['data'];

/** Every payment that the order ever asked for, paid or not. */
export const paymentsOf = ({
  formerPayments = [],
  awaited,
  requested = [],
}: Pick<ExistingOrder, 'formerPayments' | 'awaited' | 'requested'>): readonly PaymentId[] => [
  ...formerPayments,
  ...[...(awaited ? [awaited] : []), ...requested].map(({ paymentId }) => paymentId),
];

/**
 * Nobody can pay the payment that the order waits for: its page was closed while somebody held the order, or a slow payment
 * failed. While there is time it waits for another one, which asks for what is not paid yet and is due when the first would be.
 */
export function askedInstead(
  { insteadOf, paymentId, ordinal, at, requestKey }: Wish,
  order: Order,
): readonly OrderEvent[] {
  if (order.status !== 'awaiting_payment') return [];
  const { awaited, captured } = order;
  // it has another one by now, or whoever asks does not say that this one is over
  if (awaited === undefined || insteadOf !== awaited.paymentId) return [];
  const amount = outstanding(order);
  if (amount <= 0 || at >= awaited.dueAt) return [];
  return [
    {
      type: 'PaymentRequested',
      data: {
        paymentId,
        ordinal,
        amount: { ...captured, amount },
        purpose: 'additional',
        dueAt: awaited.dueAt,
        ...(requestKey === undefined ? {} : { requestKey }),
        insteadOf,
      },
    },
  ];
}

/** The order after it asked for a payment: one besides that which confirms it, or one in the place of that. */
export function askedFor(order: ExistingOrder, asked: Requested): ExistingOrder {
  const { insteadOf, paymentId, dueAt, amount, requestKey } = asked;
  if (insteadOf === undefined) return { ...order, requested: [...(order.requested ?? []), asked] };
  return {
    ...order,
    formerPayments: [...(order.formerPayments ?? []), insteadOf],
    awaited: { paymentId, dueAt, amount, ...(requestKey === undefined ? {} : { requestKey }) },
    link: order.link?.paymentId === insteadOf ? undefined : order.link,
  };
}

/** The order after somebody accepted what came as another amount: nobody pays at the page that it came by any more. */
export function withAccepted<Its extends Pick<ExistingOrder, 'acceptedMoney' | 'link'>>(
  order: Its,
  money: ExistingOrder['acceptedMoney'],
): Its {
  if (money === undefined) return order;
  const isUsed = money.some(({ paymentId }) => paymentId === order.link?.paymentId);
  return {
    ...order,
    acceptedMoney: [...(order.acceptedMoney ?? []), ...money],
    link: isUsed ? undefined : order.link,
  };
}

/** Whether the payment that the order waits for is paid and did not cover what it costs: the rest takes another payment. */
export const isPaidInPart = (order: Order): boolean =>
  order.status !== 'none' &&
  order.applied.some(({ paymentId }) => paymentId === order.awaited?.paymentId) &&
  outstanding(order) > 0;

/** Where the customer pays what is due; undefined where nobody is to pay: it is paid, over, or held until somebody decides. */
export function linkToPayBy(order: ExistingOrder): string | undefined {
  const { link, applied, status } = order;
  if (link === undefined || isDead(order) || status === 'on_hold' || outstanding(order) <= 0) return undefined;
  return applied.some(({ paymentId }) => paymentId === link.paymentId) ? undefined : link.url;
}

/** The payment that is waited for, with the time to pay that a decision gave it; without one it stays what it was. */
export const dueBy = (
  awaited: AwaitedPayment | undefined,
  paymentDueAt: string | undefined,
): AwaitedPayment | undefined =>
  awaited === undefined || paymentDueAt === undefined ? awaited : { ...awaited, dueAt: paymentDueAt };
