import * as E from 'fp-ts/lib/Either.js';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import type { LineId, Sku } from '../../domain/kernel/ids.js';
import {
  type DeliveryZone,
  type Location,
  type Place,
  whyNoFee,
  whyNoOrder,
  zoneOf,
} from '../../domain/location/index.js';
import type { OfferView } from '../../domain/offer/index.js';
import { canonicalPrice, price, type Priced, type PricingRejection, type Tip } from '../../domain/pricing/index.js';
import type { Catalogue } from '../ports/catalogue.js';
import type { CurrentSettings } from '../ports/currentSettings.js';
import type { PlaceOrderInput } from './placeOrderInput.js';
import type { PlaceOrderRejection } from './placeOrderRejection.js';
import { sha256 } from './requestIdentity.js';

export interface PricingDependencies {
  readonly catalogue: Catalogue;
  readonly settings: CurrentSettings;
}

/** What a price depends on of all that a client says. */
export type PricedInput = Pick<
  PlaceOrderInput,
  'locationId' | 'mode' | 'lines' | 'promisedAt' | 'address' | 'destination' | 'tip' | 'tipRateBp'
>;

export interface PricedWish {
  readonly location: Location;
  readonly priced: Priced;
  /** Where it is brought to, where that has a price. */
  readonly zone?: DeliveryZone;
  /** SHA-256 of what the customer agrees to, base64url. */
  readonly priceHash: string;
}

/**
 * Prices what is wanted, at this location and for this time, or says what is not to be had.
 * @param at now, RFC 3339
 * @param lineIdOf the id of the line that comes so far down, from 0
 * @param terms what holds instead of the location's own terms; without any zone bringing it costs nothing
 */
export async function priceWanted(
  { catalogue, settings }: PricingDependencies,
  input: PricedInput,
  at: string,
  lineIdOf: (ordinal: number) => LineId,
  terms: Partial<Pick<Location, 'taxInclusive' | 'deliveryZones'>> = {},
): Promise<E.Either<PlaceOrderRejection, PricedWish>> {
  const { mode, promisedAt } = input;
  const found = await catalogue.location(input.locationId);
  if (!found) return E.left({ _tag: 'UnknownLocation', locationId: input.locationId });
  const location = { ...found, ...terms };
  const closed = whyNoOrder(location, { mode, at, ...(promisedAt === undefined ? {} : { promisedAt }) });
  if (closed) return E.left(closed);
  const noFee = whyNoFee(location, mode, placeOf(input));
  if (noFee) return E.left(noFee);
  const zone = pricedZone(location, input);
  const known = settings.now();
  // in memory but for the very first moments: no turn is lost over it
  const { maximumTotal } = known instanceof Promise ? await known : known;
  const wanted = linesWanted(input.lines);
  const priced = price(
    wanted.map(({ sku, quantity, options }, ordinal) => ({
      lineId: lineIdOf(ordinal),
      sku,
      qty: quantity,
      ...(options === undefined ? {} : { options }),
    })),
    await offersOf(catalogue, new Set(wanted.map(({ sku }) => sku))),
    location,
    { maximumTotal, mode, at: promisedAt ?? at, zone, tip: wantedTip(input) },
  );
  return E.isLeft(priced)
    ? E.left(naming(priced.left, wanted))
    : E.right({
        location: found,
        priced: priced.right,
        ...(zone === undefined ? {} : { zone }),
        priceHash: sha256(canonicalPrice(priced.right)),
      });
}

/** Where it goes, as far as anybody said: where it is brought to counts, whatever else is said of it. */
const placeOf = ({ address, destination }: Pick<PricedInput, 'address' | 'destination'>): Place => {
  const { country, postalCode } = address ?? { country: destination?.country, postalCode: destination?.postalPrefix };
  return { country, postalCode };
};

function pricedZone(location: Location, input: PricedInput): DeliveryZone | undefined {
  const zone = input.mode === 'delivery' ? zoneOf(location, placeOf(input)) : undefined;
  return zone?.fee === undefined && zone?.minimumOrder === undefined ? undefined : zone;
}

/** What somebody gives on top. */
export function wantedTip({ tip, tipRateBp }: Pick<PricedInput, 'tip' | 'tipRateBp'>): Tip | undefined {
  if (tip !== undefined) return { amount: tip };
  return tipRateBp === undefined ? undefined : { rateBp: tipRateBp };
}

/** Names what somebody wants: a price that was quoted for it is one for this, and for nothing else. SHA-256, base64url. */
export const wishOf = ({ locationId, mode, lines, promisedAt }: PricedInput): string =>
  sha256(
    canonicalJson({
      locationId,
      mode,
      promisedAt,
      lines: linesWanted(lines).map(({ sku, quantity, options }) => ({ sku, quantity, options })),
    }),
  );

/** What is wanted of one sku with the same options, and where in the request it stands. */
type Wanted = PlaceOrderInput['lines'][number] & { readonly places: readonly number[] };

/** One entry for what is the same, in the order in which each came first: so many lines the order has, in this order. */
export function linesWanted(lines: PlaceOrderInput['lines']): readonly Wanted[] {
  const merged = new Map<string, Wanted>();
  lines.forEach((line, place) => {
    const options = line.options?.length ? line.options : undefined;
    const { note } = line;
    const key =
      options || note !== undefined
        ? canonicalJson([line.sku, (options ?? []).map(({ option, choice }) => [option, choice]).sort(), note ?? null])
        : line.sku;
    const entry = merged.get(key);
    const quantity = (entry?.quantity ?? 0) + line.quantity;
    const places = [...(entry?.places ?? []), place];
    merged.set(key, {
      sku: line.sku,
      quantity,
      places,
      ...(options ? { options } : {}),
      ...(note === undefined ? {} : { note }),
    });
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
