import Stripe from 'stripe';
import type { CarrierSignatures } from '../../api/ports/carrierSignatures.js';

/** How old a signature may be. */
const TOLERANCE_SECONDS = 300;

/**
 * Signatures of carriers: `t=<seconds since 1970>,v1=<hex>`, the HMAC-SHA256 of `<t>.<body>` under a secret that only the
 * carrier and we have. It is the scheme of Stripe's webhooks, so their library checks it, in constant time.
 * @param secrets by the carrier's name
 */
export function carrierSignatures(secrets: ReadonlyMap<string, string>): CarrierSignatures {
  const { signature } = Stripe.webhooks;
  if (signature === null) throw new Error('this platform cannot check signatures');
  return {
    check: (carrier, rawBody, header) => {
      const secret = secrets.get(carrier);
      if (secret === undefined) return 'unknown-carrier';
      try {
        signature.verifyHeader(rawBody, header, secret, TOLERANCE_SECONDS);
        return 'good';
      } catch (error) {
        if (error instanceof Stripe.errors.StripeSignatureVerificationError) return 'bad';
        throw error;
      }
    },
  };
}
