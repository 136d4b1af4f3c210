import type { Either } from 'fp-ts/lib/Either.js';

/** What of a webhook is stored: enough for a worker to look the object up itself. */
export interface ReceivedWebhook {
  readonly provider: string;
  /** The provider's id of the event; the same on every redelivery. */
  readonly eventId: string;
  readonly eventType: string;
  /** What the worker decodes again. */
  readonly body: string;
}

/** Keeps webhooks until a worker has dealt with them. */
export interface WebhookInbox {
  /**
   * Stores it durably before it resolves; one that is there already is left as it is.
   * @throws DatabaseUnavailable: the provider is answered 503 and sends it again
   */
  store(webhook: ReceivedWebhook): Promise<'stored' | 'known'>;
}

/** The provider did not sign these bytes, or signed them too long ago, or they are no event. */
export interface BadSignature {
  readonly _tag: 'BadSignature';
}

export interface WebhookVerification {
  /** Checks the signature on exactly the bytes that came. */
  verify(rawBody: Buffer, signature: string): Either<BadSignature, ReceivedWebhook>;
}
