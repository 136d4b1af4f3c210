import { createHmac } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { formatOrderNumber } from '../../domain/kernel/orderNumber.js';
import { businessDate, type Location, postalPrefixOf, whyNotBrought, zoneOf } from '../../domain/location/index.js';
import { isMadeToOrder, type OrderCommand, type OrderMode, type Screening } from '../../domain/order/index.js';
import { atQuotedPrices, canonicalPrice } from '../../domain/pricing/index.js';
import type { Settings } from '../../domain/settings/index.js';
import { checkIdOf, lineIdOf, paymentIdOf } from '../identity.js';
import type { Customers } from '../ports/customers.js';
import type { PlaceOrderInput } from './placeOrderInput.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import { type PricedWish, type PricingDependencies, priceWanted, wantedTip, wishOf } from './priceWanted.js';
import { readQuote, signQuote } from './quoteToken.js';
import { type Requester, sha256 } from './requestIdentity.js';

export type Placing = Extract<OrderCommand, { type: 'PlaceOrder' }>;

export interface PrepareOrderDependencies extends PricingDependencies {
  /** Makes order numbers unguessable, and signs quotes. */
  readonly secret: string | Buffer;
  /** Asked only where orders are checked. */
  readonly customers: Customers;
}

/**
 * Prices what is wanted and puts the command together, or says what is not to be had.
 * @param at now, RFC 3339
 */
export async function prepareOrder(
  deps: PrepareOrderDependencies,
  { account }: Requester,
  orderId: OrderId,
  input: PlaceOrderInput,
  at: string,
): Promise<E.Either<PlaceOrderRejection, Placing>> {
  const wish = await priceWanted(deps, input, at, (ordinal) => lineIdOf(orderId, ordinal));
  if (E.isLeft(wish)) return wish;
  const { location } = wish.right;
  const agreed = agreedPrice(deps.secret, input, wish.right, at);
  if (E.isLeft(agreed)) return agreed;
  const { priced, priceHash, quotedUntil } = agreed.right;
  const { mode, promisedAt, payLater = false } = input;
  if (payLater && location.payLater !== true) return E.left({ _tag: 'PayLaterNotOffered' });
  const { currency: _, ...sums } = priced;
  const notBrought = input.address && whyNotBrought(location, mode, input.address);
  if (notBrought) return E.left(notBrought);
  const known = deps.settings.now();
  const settings = known instanceof Promise ? await known : known;
  const screening = screeningOf(location, settings);
  const paymentWindowMinutes = paymentWindowOf(location, mode, settings);
  const destination = destinationOf(location, input);
  // written down here, so that whoever is told of it is told the same every time
  const customer = screening ? await deps.customers.known(account) : undefined;
  return E.right({
    type: 'PlaceOrder',
    order: {
      orderId,
      number: formatOrderNumber(createHmac('sha256', deps.secret).update(orderId).digest()),
      accountId: account,
      channel: input.channel ?? 'api',
      locationId: input.locationId,
      mode,
      ...sums,
      priceHash,
      paymentMode: sums.total.amount === 0 ? 'free' : payLater ? 'pay_later' : 'prepay',
      ...(location.captureMode === 'manual' ? { captureMode: 'manual' } : {}),
      gates: {
        check: screening ? 'required' : 'skipped',
        stock: sums.lines.some(({ track }) => track) ? 'required' : 'skipped',
        discounts: 'skipped',
      },
      onShortage: input.onShortage ?? 'reject',
      paymentWindowMinutes,
      placedAt: at,
      businessDate: businessDate(location, promisedAt ?? at),
      ...(screening ? { screening, checkId: checkIdOf(orderId) } : {}),
      ...(input.merchantOrderNo === undefined ? {} : { merchantOrderNo: input.merchantOrderNo }),
      ...(input.locale === undefined ? {} : { locale: input.locale }),
      ...(promisedAt === undefined ? {} : { promisedAt: new Date(promisedAt).toISOString() }),
      ...(input.table === undefined ? {} : { table: input.table }),
      ...(location.kitchenCapacity === undefined ? {} : { kitchenCapacity: location.kitchenCapacity }),
      ...(destination === undefined ? {} : { destination }),
      ...(customer === undefined ? {} : { customer }),
      ...(quotedUntil === undefined ? {} : { quotedUntil }),
    },
    acceptance: { paymentId: paymentIdOf(orderId, 1), paymentDueAt: later(at, paymentWindowMinutes) },
    allowedModes: location.modes,
  });
}

interface Agreed extends Pick<PricedWish, 'priced' | 'priceHash'> {
  /** RFC 3339; where it is not what things cost now, but what was promised until then. */
  readonly quotedUntil?: string;
}

/** What the order costs: what it comes to now, or what a quote promised that is still valid. */
function agreedPrice(
  secret: string | Buffer,
  input: PlaceOrderInput,
  now: PricedWish,
  at: string,
): E.Either<PlaceOrderRejection, Agreed> {
  const { quote, priceHash: wanted } = input;
  if (quote === undefined) {
    return wanted === undefined || wanted === now.priceHash
      ? E.right(now)
      : E.left({ _tag: 'PriceChanged', quote: signQuote(secret, input, now, at) });
  }
  const promised = readQuote(secret, quote);
  if (promised === undefined) return E.left({ _tag: 'QuoteNotForThis', why: 'altered' });
  if (promised.wish !== wishOf(input)) return E.left({ _tag: 'QuoteNotForThis', why: 'other-order' });
  const currency = promised.prices.lines[0]?.net.currency ?? now.priced.currency;
  if (input.tip !== undefined && input.tip.currency !== currency) {
    // things may be priced in another one by now, and the quote is kept all the same
    return E.left({ _tag: 'CurrencyMismatch', currencies: [input.tip.currency, currency], of: 'tip' });
  }
  const priced = atQuotedPrices(now.priced, promised.prices, wantedTip(input));
  const priceHash = sha256(canonicalPrice(priced));
  const isMeant = wanted === undefined || wanted === priceHash;
  if (isMeant && priceHash === now.priceHash) return E.right(now);
  const { validUntil } = promised;
  // to bring it elsewhere was not promised
  const isThere = promised.zone === now.zone?.zone;
  if (isMeant && isThere && at < validUntil) return E.right({ priced, priceHash, quotedUntil: validUntil });
  return E.left({
    _tag: 'PriceChanged',
    quote: signQuote(secret, input, now, at),
    quoted: { total: priced.total, validUntil },
  });
}

/**
 * Where it goes, as far as that tells nobody who lives there: who checks the order never sees more of it. Where it is brought to
 * counts, whatever else is said of it; where nobody tells places apart, only what was said of it is kept.
 */
function destinationOf(
  location: Location,
  { address, destination }: Pick<PlaceOrderInput, 'address' | 'destination'>,
): Placing['order']['destination'] {
  const told = location.screening === undefined && location.deliveryZones === undefined ? undefined : address;
  const place = told ?? destination;
  if (place === undefined) return undefined;
  const { country, region } = place;
  const postalCode = told === undefined ? destination?.postalPrefix : told.postalCode;
  const postalPrefix = postalCode === undefined || !told ? postalCode : postalPrefixOf(location, postalCode);
  const zone = zoneOf(location, { country, postalCode })?.zone;
  return {
    country,
    ...(region === undefined ? {} : { region }),
    ...(postalPrefix === undefined ? {} : { postalPrefix }),
    ...(zone === undefined ? {} : { zone }),
  };
}

/** How the order is checked, if it is: what the location does not say of it the house does. */
const screeningOf = (
  { screening }: Location,
  { checkTimeoutSeconds: timeoutSeconds, checkOnSilence: onSilence }: Settings,
): Screening | undefined => screening && { timeoutSeconds, onSilence, ...screening };

/** How long the customer may take to pay: as the location says, else as the house says of what is made and of what is sent. */
const paymentWindowOf = (
  { paymentWindowMinutes }: Location,
  mode: OrderMode,
  { shopPaymentMinutes, restaurantPaymentMinutes }: Settings,
): number => paymentWindowMinutes ?? (isMadeToOrder(mode) ? restaurantPaymentMinutes : shopPaymentMinutes);

const later = (at: string, minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();
