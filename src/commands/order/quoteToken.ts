import { createHmac, timingSafeEqual } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { canonicalPrice, type Quote, type QuotedPrices, quotedPrices, quoteOf } from '../../domain/pricing/index.js';
import { type PricedInput, type PricedWish, wishOf } from './priceWanted.js';
import { sha256 } from './requestIdentity.js';

/** For so long it may be ordered at the prices of a quote. */
const VALID_MS = 10 * 60_000;
/** The form of what is signed: an older program may have signed another. */
const FORM = 1;

/** A quote that whoever has it may order by. */
export interface SignedQuote extends Quote {
  /** RFC 3339, UTC. */
  readonly validUntil: string;
  readonly token: string;
}

/** What a token says, once its signature is found good. */
export interface Promised {
  readonly validUntil: string;
  /** What it is for: see {@link wishOf}. */
  readonly wish: string;
  readonly prices: QuotedPrices;
  /** Where it is brought to at these prices, where that has a price. */
  readonly zone?: string;
}

/**
 * A quote whose token carries all that is promised, signed with the secret of the house and kept nowhere: so a quote writes
 * nothing, placing by it reads nothing, any process of the house understands it, and there is nothing to delete when it is over. The
 * client can read it (deflated JSON) and cannot change it.
 * @param at now, RFC 3339
 */
export function signQuote(
  secret: string | Buffer,
  input: PricedInput,
  { priced, zone: place }: PricedWish,
  at: string,
): SignedQuote {
  const validUntil = new Date(Date.parse(at) + VALID_MS).toISOString();
  const promised: Promised = { validUntil, wish: wishOf(input), prices: quotedPrices(priced), ...named(place) };
  const payload = deflateRawSync(JSON.stringify([FORM, promised])).toString('base64url');
  const token = `${payload}.${signatureOf(secret, payload)}`;
  return { ...quoteOf(priced, sha256(canonicalPrice(priced))), validUntil, token };
}

const named = (place: PricedWish['zone']): Pick<Promised, 'zone'> => (place === undefined ? {} : { zone: place.zone });

/** What a token promises; undefined where the house did not sign it, or signed another form. Whether its time is over is not asked. */
export function readQuote(secret: string | Buffer, token: string): Promised | undefined {
  const [payload = '', signature = ''] = token.split('.', 2);
  // compared as text: several texts decode to the same bytes
  const given = Buffer.from(signature);
  const wanted = Buffer.from(signatureOf(secret, payload));
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return undefined;
  const [form, promised] = JSON.parse(inflateRawSync(Buffer.from(payload, 'base64url')).toString('utf8')) as [
    number,
    Promised,
  ];
  return form === FORM ? promised : undefined;
}

const signatureOf = (secret: string | Buffer, payload: string): string =>
  createHmac('sha256', secret)
    .update(JSON.stringify(['quote', payload]))
    .digest('base64url');
