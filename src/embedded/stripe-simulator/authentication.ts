import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { StripeApiError } from './errors.js';

/** `Authorization: Bearer <secret key>`, compared without telling by time how much of it was right. */
export function authenticate(request: Pick<Request, 'get'>, secretKey: string): void {
  const given = /^Bearer (.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (given !== undefined && timingSafeEqual(digest(given), digest(secretKey))) return;
  throw new StripeApiError(401, {
    type: 'invalid_request_error',
    message:
      given === undefined
        ? 'You did not provide an API key: send it in the Authorization header, as in "Authorization: Bearer sk_test_…".'
        : `Invalid API Key provided: ${given.slice(0, 8)}****`,
  });
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
