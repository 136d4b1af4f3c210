import { createHmac, hash } from 'node:crypto';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import type { MerchantOrderNo, OrderId } from '../../domain/kernel/ids.js';
import type { PersonalFields } from '../../domain/kernel/person.js';
import { orderIdOfKey, orderIdOfMerchantNumber } from '../identity.js';

/** Who places an order, and under which key. */
export interface Requester {
  /** Scope of Idempotency-Keys. */
  readonly principal: string;
  /** Scope of merchant order numbers. */
  readonly account: string;
  readonly idempotencyKey: string;
}

/** What makes two requests the same request. */
export interface RequestIdentity {
  readonly orderId: OrderId;
  /** SHA-256 of principal and Idempotency-Key, base64url. */
  readonly keyHash: string;
  /** SHA-256 of the canonical JSON of the decoded body, base64url; a person in it counts by a hash that takes the secret. */
  readonly bodyHash: string;
}

/**
 * The order that a request names, by the merchant's number if there is one, else by its Idempotency-Key.
 * @param secret without it nobody can find out by trying whom a body was about: its hash stays when the person is erased
 */
export function identify(
  { principal, account, idempotencyKey }: Requester,
  body: { readonly merchantOrderNo?: MerchantOrderNo } & Written,
  secret: string | Buffer,
): RequestIdentity {
  return {
    orderId:
      body.merchantOrderNo === undefined
        ? orderIdOfKey(principal, idempotencyKey)
        : orderIdOfMerchantNumber(account, body.merchantOrderNo),
    keyHash: sha256(canonicalJson([principal, idempotencyKey])),
    bodyHash: sha256(canonicalJson(withoutPerson(body, secret))),
  };
}

/** What of a body may be about people. */
interface Written extends Partial<PersonalFields> {
  readonly lines?: readonly { readonly note?: string }[];
}

function withoutPerson({ contact, address, note, ...others }: Written, secret: string | Buffer): object {
  const { lines } = others;
  const noted = lines?.some((line) => line.note !== undefined) === true;
  const rest = noted ? { ...others, lines: lines.map(({ note: _, ...line }) => line) } : others;
  if (contact === undefined && address === undefined && note === undefined && !noted) return rest;
  const notes = noted ? lines.map((line) => line.note ?? null) : undefined;
  const person = createHmac('sha256', secret)
    .update(canonicalJson({ contact, address, note, notes }))
    .digest('base64url');
  return { ...rest, person };
}

export const sha256 = (text: string): string => hash('sha256', text, 'base64url');
