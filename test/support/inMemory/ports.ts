import * as E from 'fp-ts/lib/Either.js';
import type { ApiLog } from '../../../src/api/ports/log.js';
import type { ReceivedWebhook, WebhookInbox, WebhookVerification } from '../../../src/api/ports/webhookInbox.js';
import type { IdempotencyClaims } from '../../../src/commands/ports/idempotencyClaims.js';

/** Claims of Idempotency-Keys in a map. */
export function inMemoryClaims(): IdempotencyClaims & { readonly size: () => number } {
  const claims = new Map<string, string>();
  return {
    size: () => claims.size,
    claim: ({ principal, route, keyHash, bodyHash }) => {
      const name = JSON.stringify([principal, route, keyHash]);
      const known = claims.get(name);
      if (known === undefined) claims.set(name, bodyHash);
      return Promise.resolve(known === undefined ? 'claimed' : known === bodyHash ? 'same' : 'other');
    },
  };
}

/** A provider whose signature is the word `good`. */
export const wordVerification: WebhookVerification = {
  verify: (rawBody, signature) =>
    signature === 'good'
      ? E.right({ provider: 'stripe', eventId: 'evt_1', eventType: 'test', body: rawBody.toString('utf8') })
      : E.left({ _tag: 'BadSignature' }),
};

export function inMemoryInbox(): WebhookInbox & { readonly stored: ReceivedWebhook[] } {
  const stored: ReceivedWebhook[] = [];
  return {
    stored,
    store: (webhook) => {
      if (stored.some(({ eventId }) => eventId === webhook.eventId)) return Promise.resolve('known');
      stored.push(webhook);
      return Promise.resolve('stored');
    },
  };
}

/** A log that is kept, so that a test can see what an operator would. */
export function keptLog(): ApiLog & { readonly lines: { level: string; message: string; fields: unknown }[] } {
  const lines: { level: string; message: string; fields: unknown }[] = [];
  const write = (level: string) => (message: string, fields: unknown) => void lines.push({ level, message, fields });
  return { lines, error: write('error'), warn: write('warn') };
}
