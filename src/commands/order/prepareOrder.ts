import { createHmac } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import type { OrderId, Sku } from '../../domain/kernel/ids.js';
import { formatOrderNumber } from '../../domain/kernel/orderNumber.js';
import { businessDate, type Location, whyNoOrder } from '../../domain/location/index.js';
import type { OfferView } from '../../domain/offer/index.js';
import type { OrderCommand } from '../../domain/order/index.js';
import { canonicalPrice, price, type PricingRejection } from '../../domain/pricing/index.js';
import { checkIdOf, lineIdOf, paymentIdOf } from '../identity.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { CurrentSettings } from '../ports/currentSettings.js';
import type { PlaceOrderInput } from './placeOrderInput.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import { type Requester, sha256 } from './requestIdentity.js';

export type Placing = Extract<OrderCommand, { type: 'PlaceOrder' }>;

export interface PrepareOrderDependencies {
  readonly catalogue: Catalogue;
  readonly settings: CurrentSettings;
  /** Makes order numbers unguessable. */
  readonly secret: string | Buffer;
}

/**
 * Prices what is wanted and puts the command together, or says what is not to be had.
 * @param at now, RFC 3339
 */
export async function prepareOrder(
  { catalogue, settings, secret }: PrepareOrderDependencies,
  { account }: Requester,
  orderId: OrderId,
  input: PlaceOrderInput,
  at: string,
): Promise<E.Either<PlaceOrderRejection, Placing>> {
  const location = await catalogue.location(input.locationId);
  if (!location) return E.left({ _tag: 'UnknownLocation', locationId: input.locationId });
  const { mode, promisedAt, payLater = false } = input;
  const closed = whyNoOrder(location, { mode, at, ...(promisedAt === undefined ? {} : { promisedAt }) });
  if (closed) return E.left(closed);
  if (payLater && location.payLater !== true) return E.left({ _tag: 'PayLaterNotOffered' });
  const known = settings.now();
  // in memory but for the very first moments: no turn is lost over it
  const { maximumTotal } = known instanceof Promise ? await known : known;
  const wanted = merge(input.lines);
  const priced = price(
    wanted.map(({ sku, quantity, options }, ordinal) => ({
      lineId: lineIdOf(orderId, ordinal),
      sku,
      qty: quantity,
      ...(options === undefined ? {} : { options }),
    })),
    await offersOf(catalogue, new Set(wanted.map(({ sku }) => sku))),
    location,
    { maximumTotal, mode, at: promisedAt ?? at },
  );
  if (E.isLeft(priced)) return E.left(naming(priced.left, wanted));
  const { currency: _, ...sums } = priced.right;
  const destination = input.destination ?? roughly(input.address, location.screening?.zones);
  return E.right({
    type: 'PlaceOrder',
    order: {
      orderId,
      number: formatOrderNumber(createHmac('sha256', secret).update(orderId).digest()),
      accountId: account,
      channel: 'api',
      locationId: input.locationId,
      mode,
      ...sums,
      priceHash: sha256(canonicalPrice(priced.right)),
      paymentMode: sums.total.amount === 0 ? 'free' : payLater ? 'pay_later' : 'prepay',
      ...(location.captureMode === 'manual' ? { captureMode: 'manual' } : {}),
      gates: {
        check: location.screening ? 'required' : 'skipped',
        stock: sums.lines.some(({ track }) => track) ? 'required' : 'skipped',
        discounts: 'skipped',
      },
      onShortage: input.onShortage ?? 'reject',
      paymentWindowMinutes: location.paymentWindowMinutes,
      placedAt: at,
      businessDate: businessDate(location, promisedAt ?? at),
      ...(location.screening ? { screening: location.screening, checkId: checkIdOf(orderId) } : {}),
      ...(input.merchantOrderNo === undefined ? {} : { merchantOrderNo: input.merchantOrderNo }),
      ...(input.locale === undefined ? {} : { locale: input.locale }),
      ...(promisedAt === undefined ? {} : { promisedAt: new Date(promisedAt).toISOString() }),
      ...(input.table === undefined ? {} : { table: input.table }),
      ...(location.kitchenCapacity === undefined ? {} : { kitchenCapacity: location.kitchenCapacity }),
      ...(destination === undefined ? {} : { destination }),
    },
    acceptance: { paymentId: paymentIdOf(orderId, 1), paymentDueAt: later(at, location) },
    allowedModes: location.modes,
  });
}

/** Where an address is, as far as the zones that are served tell places apart: who checks the order never sees more of it. */
function roughly(
  address: PlaceOrderInput['address'],
  zones: readonly string[] | undefined,
): PlaceOrderInput['destination'] {
  if (address === undefined || zones === undefined) return undefined;
  const { country, postalCode } = address;
  const length = Math.max(0, ...zones.map((zone) => zone.length));
  return { country, ...(postalCode === undefined ? {} : { postalPrefix: postalCode.slice(0, length) }) };
}

const later = (at: string, { paymentWindowMinutes }: Location): string =>
  new Date(Date.parse(at) + paymentWindowMinutes * 60_000).toISOString();

/** What is wanted of one sku with the same options, and where in the request it stands. */
type Wanted = PlaceOrderInput['lines'][number] & { readonly places: readonly number[] };

/** One entry for what is the same, in the order in which each came first. */
function merge(lines: PlaceOrderInput['lines']): readonly Wanted[] {
  const merged = new Map<string, Wanted>();
  lines.forEach((line, place) => {
    const options = line.options?.length ? line.options : undefined;
    const key = options
      ? canonicalJson([line.sku, options.map(({ option, choice }) => [option, choice]).sort()])
      : line.sku;
    const entry = merged.get(key);
    const quantity = (entry?.quantity ?? 0) + line.quantity;
    const places = [...(entry?.places ?? []), place];
    merged.set(key, { sku: line.sku, quantity, places, ...(options ? { options } : {}) });
  });
  return [...merged.values()];
}

async function offersOf(catalogue: Catalogue, skus: Iterable<Sku>): Promise<ReadonlyMap<Sku, OfferView>> {
  const offers = new Map<Sku, OfferView>();
  for (const sku of skus) {
    const looked = catalogue.offer(sku);
    // most offers are in memory: an order of a hundred lines should not take a hundred turns
    const offer = looked instanceof Promise ? await looked : looked;
    if (offer) offers.set(sku, offer);
  }
  return offers;
}

/** The refusal with the places in the request that it is about. */
function naming(refusal: PricingRejection, wanted: readonly Wanted[]): PlaceOrderRejection {
  if (refusal._tag !== 'OfferUnavailable') return refusal;
  const items = refusal.items.map((item) => ({
    ...item,
    lines: wanted.filter(({ sku }) => sku === item.sku).flatMap(({ places }) => places),
  }));
  return { ...refusal, items };
}
