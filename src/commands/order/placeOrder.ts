import { createHmac } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import type { LocationId, MerchantOrderNo, OrderId, Sku } from '../../domain/kernel/ids.js';
import type { PersonalFields } from '../../domain/kernel/person.js';
import { formatOrderNumber } from '../../domain/kernel/orderNumber.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { businessDate, type Location, type OrderingRejection, whyNoOrder } from '../../domain/location/index.js';
import type { OfferView } from '../../domain/offer/index.js';
import {
  type ExistingOrder,
  order,
  type OrderCommand,
  type OrderMode,
  type OrderRejection,
} from '../../domain/order/index.js';
import type { CommandContext, Executor, ExecutorRejection } from '../executor/contract.js';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import { canonicalPrice, type Choice, price, type PricingRejection } from '../../domain/pricing/index.js';
import { checkIdOf, lineIdOf, orderIdOfKey, paymentIdOf } from '../identity.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { CurrentSettings } from '../ports/currentSettings.js';
import type { PersonalData } from '../ports/personalData.js';
import type { RememberedClaims } from './rememberedClaims.js';
import { type Requester, type RequestIdentity, sha256 } from './requestIdentity.js';

/** What a client may say of an order: which articles and how many, never a price; and for whom it is. */
export interface PlaceOrderInput extends Partial<PersonalFields> {
  readonly locationId: LocationId;
  readonly mode: OrderMode;
  /** A sku may come several times: with the same options it becomes one line. */
  readonly lines: readonly {
    readonly sku: Sku;
    readonly quantity: number;
    /** What is chosen of the article's options; absent: nothing. */
    readonly options?: readonly Choice[];
  }[];
  readonly merchantOrderNo?: MerchantOrderNo;
  /** BCP 47. */
  readonly locale?: string;
  /** For when it is wanted, RFC 3339; absent: as soon as may be. */
  readonly promisedAt?: string;
  readonly table?: string;
  /** What becomes of the order when goods are short; absent: it is rejected. */
  readonly onShortage?: 'reject' | 'hold';
  /** Pay afterwards, where the location lets its customers. */
  readonly payLater?: boolean;
  readonly destination?: { readonly country: string; readonly postalPrefix?: string };
}

/** Something in the order is not on sale. `lines` are the places in the request. */
export interface OfferUnavailable {
  readonly _tag: 'OfferUnavailable';
  readonly items: readonly {
    readonly sku: Sku;
    readonly lines: readonly number[];
    readonly why: 'unknown' | 'not_on_sale' | 'suspended';
    readonly until?: string;
  }[];
}

/** The key came before, with another body. */
export interface IdempotencyKeyReused {
  readonly _tag: 'IdempotencyKeyReused';
}

/** Another request, under another key, placed an order with this number. */
export interface DuplicateMerchantOrderNumber {
  readonly _tag: 'DuplicateMerchantOrderNumber';
  readonly existing: OrderId;
}

/** There is no location of this name to place an order at. */
export interface UnknownLocation {
  readonly _tag: 'UnknownLocation';
  readonly locationId: LocationId;
}

export type PlaceOrderRejection =
  | OrderRejection
  | ExecutorRejection
  | Exclude<PricingRejection, { _tag: 'OfferUnavailable' }>
  | OfferUnavailable
  | IdempotencyKeyReused
  | DuplicateMerchantOrderNumber
  | UnknownLocation
  | OrderingRejection;

/** The order as it stands, new or placed by the same request before. */
export interface PlacedOrder {
  readonly order: ExistingOrder;
  readonly revision: number;
  readonly replayed: boolean;
}

export interface PlaceOrderDependencies {
  readonly executor: Executor;
  readonly catalogue: Catalogue;
  readonly settings: CurrentSettings;
  readonly claims: RememberedClaims;
  readonly personalData: PersonalData;
  /** Makes order numbers unguessable. */
  readonly secret: string | Buffer;
}

type Placing = Extract<OrderCommand, { type: 'PlaceOrder' }>;
type Outcome = E.Either<PlaceOrderRejection, PlacedOrder>;

const ROUTE = 'POST /v1/orders';

/**
 * Places an order: prices it from the catalogue and appends it to a new stream, which is all that is on the way. A
 * request that placed its order before finds it again, whenever it is repeated and whatever things cost by then. Stock is
 * not asked: whether an item is there is decided by its stream, afterwards and once.
 *
 * With a merchantOrderNo the stream is not named by the key, so the key is claimed first. A key that came with a number
 * and then comes without one is refused as far as this process remembers it: to ask anybody else would take a read.
 * Of a person the order says nothing in clear: their data is sealed under a key that is kept before the append.
 * @throws StoreUnavailable; DatabaseUnavailable where a key must be claimed, or kept
 */
export async function placeOrder(
  deps: PlaceOrderDependencies,
  requester: Requester,
  identity: RequestIdentity,
  input: PlaceOrderInput,
  context: CommandContext,
): Promise<Outcome> {
  const command = await prepare(deps, requester, identity.orderId, input, context.at);
  // refused before the key is claimed: a request that placed nothing leaves its key free
  const refusal = E.isLeft(command) ? command : order.decide(command.right, order.initial);
  if (E.isLeft(command) || E.isLeft(refusal)) {
    // what is refused now may have been placed before the catalogue changed
    return (await findPlaced(deps.executor, identity)) ?? E.left((refusal as E.Left<PlaceOrderRejection>).left);
  }
  const { orderId, keyHash, bodyHash } = identity;
  if (input.merchantOrderNo !== undefined) {
    if (!(await keyIsFree(deps, requester, identity))) return E.left({ _tag: 'IdempotencyKeyReused' });
  } else if (deps.claims.remembers({ principal: requester.principal, route: ROUTE, keyHash })) {
    // somebody came with this key and a number; the key is still this request's if its order was there first
    return (await findPlaced(deps.executor, identity)) ?? E.left({ _tag: 'IdempotencyKeyReused' });
  }
  const sealed = await sealPerson(deps.personalData, orderId, command.right, input);
  const outcome = await deps.executor.execute(order, orderStream(orderId), sealed, {
    ...context,
    location: input.locationId,
    keyHash,
    bodyHash,
    creates: true,
  });
  if (E.isLeft(outcome)) {
    const existing = outcome.left._tag === 'AlreadyExists' ? await findPlaced(deps.executor, identity) : undefined;
    return existing ?? outcome;
  }
  const { state, revision } = outcome.right;
  if (state.status === 'none') throw new Error(`${orderId} was placed and is not there`);
  return E.right({ order: state, revision, replayed: false });
}

/** Prices what is wanted and puts the command together, or says what is not to be had. */
async function prepare(
  { catalogue, settings, secret }: PlaceOrderDependencies,
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

/** Until somebody has an account, everybody is the guest of one order and has a key for it. */
async function sealPerson(
  personalData: PersonalData,
  orderId: OrderId,
  command: Placing,
  { contact, address }: PlaceOrderInput,
): Promise<Placing> {
  if (contact === undefined && address === undefined) return command;
  const sealed = {
    ...(contact === undefined ? {} : { contact: await personalData.seal(orderId, 'contact', contact) }),
    ...(address === undefined ? {} : { address: await personalData.seal(orderId, 'address', address) }),
  };
  return { ...command, order: { ...command.order, ...sealed } };
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

/** Whether this body may use the key: nobody came with it and another one, with or without a merchant's number. */
async function keyIsFree(
  { claims, executor }: PlaceOrderDependencies,
  { principal, idempotencyKey }: Requester,
  { keyHash, bodyHash }: RequestIdentity,
): Promise<boolean> {
  const [claim, named] = await Promise.all([
    claims.claim({ principal, route: ROUTE, keyHash, bodyHash }),
    executor.load(order, orderStream(orderIdOfKey(principal, idempotencyKey))),
  ]);
  return claim !== 'other' && named.revision < 0;
}

/** The order that the request names, if there is one: the request's own, or proof that it is none. */
async function findPlaced(executor: Executor, identity: RequestIdentity): Promise<Outcome | undefined> {
  const { state, revision, first } = await executor.load(order, orderStream(identity.orderId), { fresh: true });
  if (state.status === 'none' || !first) return undefined;
  if (first.keyHash !== identity.keyHash) {
    return E.left({ _tag: 'DuplicateMerchantOrderNumber', existing: identity.orderId });
  }
  return first.bodyHash === identity.bodyHash
    ? E.right({ order: state, revision, replayed: true })
    : E.left({ _tag: 'IdempotencyKeyReused' });
}
