import type { DuplicateMerchantOrderNumber, PlaceOrderRejection } from '../commands/order/placeOrderRejection.js';
import type { DecidedByItsOrder } from '../commands/payment/decideMismatch.js';
import type { MoneyUndecided } from '../commands/task/completeTask.js';
import type { ExecutorRejection } from '../commands/executor/contract.js';
import { assertNever } from '../domain/kernel/assertNever.js';
import { type NotFound, notFound } from '../domain/kernel/rejections.js';
import type { Rejection } from '../domain/rejections.js';
import { type Problem, problem, type ProblemError } from './problems/problem.js';
import { invalidField } from './problems/validation.js';

/** Every way in which the domain, a use case or the executor can say no. A use case knows the places of what is not on sale. */
export type Refusal =
  | Exclude<Rejection, { readonly _tag: 'OfferUnavailable' }>
  | PlaceOrderRejection
  | DecidedByItsOrder
  | MoneyUndecided
  | ExecutorRejection;

/** The one table from refusals to problems (RFC 9457): what is not in it does not compile. */
export function problemOf(refusal: Refusal): Problem {
  switch (refusal._tag) {
    case 'NotFound':
      return problem('not-found', `there is no ${nameOf(refusal.what, refusal.id)}`, {
        extensions: { what: refusal.what, ...(refusal.id === undefined ? {} : { id: refusal.id }) },
      });
    case 'AlreadyExists':
      // whoever makes an offer, a location or stock by PUT has to say that it replaces something
      return refusal.what === 'offer' || refusal.what === 'stock' || refusal.what === 'location'
        ? problem(
            'precondition-required',
            `the ${refusal.what} of ${refusal.id} exists: send If-Match with its ETag, or *, to replace it`,
          )
        : problem('already-exists', `the ${refusal.what} ${refusal.id} exists already`);
    case 'IllegalTransition':
      return problem('illegal-transition', whyNotNow(refusal), {
        extensions: { current: refusal.status, allowed: refusal.allowed },
      });
    case 'CancellationWindowClosed':
      return problem('cancellation-window-closed', `the order is ${refusal.status} and cannot be cancelled any more`, {
        extensions: { current: refusal.status },
      });
    case 'NotReady':
      return problem('not-ready', `not done yet: ${names(refusal.openItems)}`, {
        extensions: { openItems: refusal.openItems },
      });
    case 'ItemIsVoided':
      return problem('item-voided', `${refusal.name} is not wanted any more`, {
        extensions: { itemId: refusal.itemId },
      });
    case 'WrongStation':
      return problem('wrong-station', `${refusal.name} is made at the station ${refusal.station}`, {
        extensions: { itemId: refusal.itemId, station: refusal.station },
      });
    case 'AlreadyStarted':
      return problem('already-started', `being made or done already: ${names(refusal.items)}`, {
        extensions: { items: refusal.items },
      });
    case 'OfferUnavailable':
      return offerUnavailable(refusal);
    case 'ModeNotOffered':
      return problem(
        'mode-not-offered',
        `the location does not offer ${refusal.mode}, but ${refusal.offered.join(', ')}`,
        {
          errors: [{ pointer: '/mode', code: 'not-offered', detail: `${refusal.mode} is not offered here` }],
          extensions: { offered: refusal.offered },
        },
      );
    case 'CurrencyMismatch':
      return problem(
        'currency-mismatch',
        `an order is paid in one currency, not in ${refusal.currencies.join(' and ')}`,
        {
          errors: [
            {
              pointer: `/${refusal.of ?? 'lines'}`,
              code: 'mixed-currencies',
              detail: `in ${refusal.currencies.join(', ')}`,
            },
          ],
          extensions: { currencies: refusal.currencies },
        },
      );
    case 'PaidInAnotherCurrency': {
      const { paid, currency } = refusal;
      return problem(
        'currency-mismatch',
        `${paid.amount} minor units of ${paid.currency} were paid for an order in ${currency}: that cannot count; reject it, and it goes back`,
        {
          errors: [{ pointer: '/decision', code: 'paid-in-another-currency', detail: `paid in ${paid.currency}` }],
          extensions: { currencies: [currency, paid.currency], paid },
        },
      );
    }
    case 'DecidedByItsOrder': {
      const { orderId, status } = refusal;
      const where = `/v1/orders/${orderId}/hold/resolution`;
      return problem('illegal-transition', `the order is ${status}: decide on it, once it is held, by POST ${where}`, {
        extensions: { current: status, allowed: [] },
      });
    }
    case 'MoneyUndecided':
      return problem(
        'illegal-transition',
        `the money waits for a decision, which is what is to be done: decide on its order's hold, or, where that is not held, ` +
          `by POST /v1/payments/${refusal.paymentId}/mismatch/resolution`,
        { extensions: { current: 'open', allowed: [] } },
      );
    case 'TotalTooLarge':
      return invalidField(
        '/lines',
        'too-expensive',
        `the order costs more than ${refusal.maximum.amount} minor units of ${refusal.maximum.currency}, which is the most for one order`,
      );
    case 'PriceChanged': {
      const { quote, quoted } = refusal;
      const { total } = quote;
      return problem('price-changed', `it comes to ${total.amount} minor units of ${total.currency} by now`, {
        errors: [
          {
            pointer: quoted === undefined ? '/priceHash' : '/quote',
            code: 'price-changed',
            detail: 'not what it comes to any more',
          },
        ],
        extensions: { quote, ...(quoted === undefined ? {} : { quoted }) },
      });
    }
    case 'QuoteNotForThis':
      return invalidField(
        '/quote',
        refusal.why,
        refusal.why === 'altered' ? 'no quote of ours has this token' : 'this quote is for another order',
      );
    case 'UnknownLocation':
      return invalidField('/locationId', 'unknown-location', `there is no location ${refusal.locationId}`);
    case 'LineCountOutOfRange':
      return invalidField(
        '/lines',
        'out-of-range',
        `an order has ${refusal.minimum} to ${refusal.maximum} lines, not ${refusal.count}`,
      );
    case 'InvalidQuantity':
      return invalidField(
        '',
        'out-of-range',
        `${refusal.sku === undefined ? 'the quantity' : `the quantity of ${refusal.sku}`} must be a whole number ` +
          `from ${refusal.minimum} to ${refusal.maximum}, not ${refusal.quantity}`,
      );
    case 'InvalidAmount':
      return invalidField('/price/amount', 'out-of-range', `${refusal.amount} ${refusal.currency} cannot stand there`);
    case 'InvalidSetting':
      return invalidField(
        `/${refusal.setting}`,
        'out-of-range',
        `${refusal.currency ?? refusal.setting} must be a whole number from ${refusal.minimum} to ${refusal.maximum}, not ${refusal.value}`,
      );
    case 'LimitTwice':
      return invalidField('/automaticRefundUpToIn', 'twice', `${refusal.currency} has more than one limit`);
    case 'LocationClosed': {
      const { opensAt } = refusal;
      const next = opensAt === undefined ? '' : `: it opens at ${opensAt}`;
      return problem('location-closed', `the location is closed then${next}`, {
        ...(opensAt === undefined ? {} : { extensions: { opensAt } }),
      });
    }
    case 'OrderingIsPaused': {
      const { reason, until } = refusal;
      return problem(
        'ordering-paused',
        `no orders are taken${until === undefined ? '' : ` until ${until}`}: ${reason}`,
        {
          ...(until === undefined ? {} : { extensions: { until } }),
        },
      );
    }
    case 'KitchenFull':
      return problem(
        'kitchen-full',
        `the kitchen cannot make it by ${refusal.promisedAt}; it could be ready at ${refusal.next}`,
        {
          errors: [{ pointer: '/promisedAt', code: 'kitchen-full', detail: `it could be ready at ${refusal.next}` }],
          extensions: { next: refusal.next },
        },
      );
    case 'PromiseOutOfRange':
      return invalidField(
        '/promisedAt',
        'out-of-range',
        `promisedAt must be from ${refusal.earliest} to ${refusal.latest}`,
      );
    case 'AddressNotServed': {
      const [code, detail] =
        refusal.why === 'costs-more'
          ? ['costs-more', 'to bring it there costs more than was agreed']
          : ['not-served', 'nobody brings anything there'];
      return problem('address-not-served', detail, { errors: [{ pointer: '/address/postalCode', code, detail }] });
    }
    case 'PlaceUnknown':
      return invalidField('/address/postalCode', 'missing', 'say where it is brought to: what it costs depends on it');
    case 'OrderBelowMinimum': {
      const { minimum, missing } = refusal;
      return problem(
        'minimum-not-met',
        `what is brought there comes to at least ${minimum.amount} minor units of ${minimum.currency}: ${missing.amount} are missing`,
        {
          errors: [{ pointer: '/lines', code: 'minimum-not-met', detail: `${missing.amount} are missing` }],
          extensions: { minimum, missing },
        },
      );
    }
    case 'PauseIsOver':
      return invalidField('/until', 'out-of-range', `until must be later than now, not ${refusal.until}`);
    case 'InvalidLocation':
      return invalidField(`/${refusal.field}`, 'invalid', refusal.problem);
    case 'InvalidOption':
      return invalidField(
        '/options',
        'invalid-option',
        `of the option ${refusal.option} nobody could choose: it needs as many choices as must be taken, each with an id of its own`,
      );
    case 'InvalidChoice':
      return invalidField('/lines', 'invalid-choice', `${refusal.sku}: ${refusal.problem}`);
    case 'ReasonRequired':
      return invalidField('/reason', 'missing', 'a reason is required');
    case 'IdempotencyKeyReused':
      return problem('idempotency-key-reused', 'this Idempotency-Key came with another body: use a new one');
    case 'DuplicateMerchantOrderNumber':
      return duplicateNumber(refusal);
    case 'InsufficientStock':
      return problem('insufficient-stock', `${refusal.sku}: ${refusal.wanted} wanted, ${refusal.available} available`, {
        extensions: { items: [{ sku: refusal.sku, wanted: refusal.wanted, available: refusal.available }] },
      });
    case 'QuantityNotAvailable':
      return problem('quantity-not-available', 'more is asked of a line than is still open', {
        extensions: { lines: refusal.lines },
      });
    case 'LineAlreadyStarted':
      return problem('line-already-started', 'these units are being made, have left or were handed over', {
        extensions: { lines: refusal.lines },
      });
    case 'HoldExpired':
      return problem('hold-expired', `the time to decide ends at ${refusal.decideBy}`, {
        extensions: { decideBy: refusal.decideBy },
      });
    case 'PayLaterNotOffered':
      return problem('mode-not-offered', 'the location does not let its customers pay afterwards');
    case 'NothingDue':
      return problem('nothing-due', 'nothing is left to pay for this order');
    case 'RefundExceedsCaptured':
      return problem(
        'refund-exceeds-captured',
        `at most ${refusal.refundable.amount} minor units of ${refusal.refundable.currency} can go back`,
        { extensions: { refundable: refusal.refundable } },
      );
    case 'SecondPersonRequired':
      return problem(
        'four-eyes',
        `so much takes a second person: whoever asked for ${refusal.refundId} cannot approve it`,
      );
    case 'AlreadyDispatched':
      return problem('already-dispatched', `it has left already: it is ${refusal.status}`, {
        extensions: { current: refusal.status },
      });
    case 'NoDestination':
      return problem('illegal-transition', 'nobody has said where it goes: PUT the delivery of its order first');
    case 'CarrierRequired':
      return invalidField('/carrier', 'missing', 'say who takes it: there is no label, and no courier of ours');
    case 'NoLines':
      return invalidField('/lines', 'missing', 'name at least one line');
    case 'RevisionMismatch':
      return problem('revision-mismatch', mismatch(refusal.current), {
        extensions: { current: refusal.current < 0 ? null : `r${refusal.current}` },
      });
    case 'ConcurrencyConflict':
      return problem('request-in-progress', 'others keep changing the same thing: try again', {
        headers: { 'Retry-After': '1' },
      });
    // asked by processes and consumers alone; no route leads here
    case 'LinesNotReserved':
    case 'PaymentNotAwaited':
    case 'PaymentAlreadyClosed':
    case 'SessionAlreadyOpen':
    case 'ReservationClosed':
    case 'EmptyTicket':
    case 'EmptyShipment':
      return problem('illegal-transition', 'the present status does not allow it');
    default:
      return assertNever(refusal);
  }
}

/**
 * The same for a command on a thing that its path names: whether that exists comes before what If-Match says of it
 * (RFC 9110, 13.2.1).
 */
export function problemOfCommand(refusal: Refusal, thing: Required<Pick<NotFound, 'what' | 'id'>>): Problem {
  const missing =
    (refusal._tag === 'NotFound' && refusal.what === thing.what) ||
    (refusal._tag === 'RevisionMismatch' && refusal.current < 0);
  return problemOf(missing ? notFound(thing.what, thing.id) : refusal);
}

const nameOf = (what: string, id: string | undefined): string => (id === undefined ? `such ${what}` : `${what} ${id}`);

const whyNotNow = ({ status, allowed }: Extract<Refusal, { _tag: 'IllegalTransition' }>): string =>
  allowed.length === 0
    ? `it is ${status}, which does not allow this`
    : `it is ${status}, which allows ${allowed.join(' and ')}, but not this`;

const names = (items: readonly { readonly name: string }[]): string => items.map(({ name }) => name).join(', ');

const mismatch = (current: number): string =>
  current < 0 ? 'it does not exist, so If-Match cannot hold' : `it stands at r${current}, not where If-Match says`;

const UNAVAILABLE = {
  unknown: { code: 'unknown-sku', text: 'is not in the catalogue' },
  not_on_sale: { code: 'not-on-sale', text: 'is not on sale' },
  suspended: { code: 'suspended', text: 'is not to be had' },
  not_in_this_mode: { code: 'not-in-this-mode', text: 'is not to be had in this mode' },
} as const;

function offerUnavailable({ items }: Extract<Refusal, { _tag: 'OfferUnavailable' }>): Problem {
  const errors: ProblemError[] = items.flatMap(({ sku, lines, why, until }) =>
    lines.map((line) => ({
      pointer: `/lines/${line}/sku`,
      code: UNAVAILABLE[why].code,
      detail: `${sku} ${UNAVAILABLE[why].text}${until === undefined ? '' : ` until ${until}`}`,
    })),
  );
  return problem('offer-unavailable', `not on sale: ${items.map(({ sku }) => sku).join(', ')}`, {
    errors,
    extensions: { items: items.map(({ lines: _, ...item }) => item) },
  });
}

function duplicateNumber({ existing }: DuplicateMerchantOrderNumber): Problem {
  const url = `/v1/orders/${existing}`;
  return problem('duplicate-merchant-order-number', `another request placed it: ${url}`, {
    extensions: { existing: { id: existing, url } },
    headers: { Link: `<${url}>; rel="related"` },
  });
}
