import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import type { MerchantOrderNo, OrderId } from '../../domain/kernel/ids.js';
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
  /** SHA-256 of the canonical JSON of the decoded body, base64url. */
  readonly bodyHash: string;
}

/** The order that a request names, by the merchant's number if there is one, else by its Idempotency-Key. */
export function identify(
  { principal, account, idempotencyKey }: Requester,
  body: { readonly merchantOrderNo?: MerchantOrderNo },
): RequestIdentity {
  return {
    orderId:
      body.merchantOrderNo === undefined
        ? orderIdOfKey(principal, idempotencyKey)
        : orderIdOfMerchantNumber(account, body.merchantOrderNo),
    keyHash: sha256(canonicalJson([principal, idempotencyKey])),
    bodyHash: sha256(canonicalJson(body)),
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64url');
