import Stripe from 'stripe';
import type { PendingWebhook } from './records.js';
import { renderEvent, type Rendering } from './render.js';
import type { Script } from './script.js';
import type { Store } from './store.js';

export interface Log {
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
  error(message: string, details?: object): void;
}

export interface WebhookOptions {
  readonly store: Store;
  readonly rendering: Rendering;
  readonly url: string;
  readonly secret: string;
  readonly log: Log;
  /** The wait after the first failure, in milliseconds; it doubles with every further one. */
  readonly firstRetryMs: number;
}

const SIDE_BY_SIDE = 8;
const ONE_BY_ONE = 1;
const MAX_RETRY_MS = 60_000;
const ANSWER_TIMEOUT_MS = 10_000;
/** Stripe gives up after three days: https://docs.stripe.com/webhooks#retries. */
const GIVE_UP_AFTER_SECONDS = 3 * 24 * 60 * 60;

/**
 * Sends what is pending in the store to the endpoint, signed, until it answers 2xx. What is pending is in the store before
 * anybody hears of it and leaves it only after the 2xx, so a crash can send a webhook twice but never lose one.
 */
export class WebhookDispatcher {
  readonly #options: WebhookOptions;
  readonly #waiting = new Set<NodeJS.Timeout>();
  readonly #sending = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  #ready: PendingWebhook[] = [];
  #held = false;
  #copies = 1;
  #sideBySide = SIDE_BY_SIDE;

  constructor(options: WebhookOptions) {
    this.#options = options;
  }

  /** Begins with what an earlier run left behind. */
  start(): void {
    this.add(this.#options.store.pendingWebhooks());
  }

  /** Takes over webhooks that the store holds as pending. */
  add(webhooks: readonly PendingWebhook[]): void {
    // what comes after the end stays pending in the store
    if (this.#stopped.signal.aborted) return;
    const now = Date.now();
    for (const webhook of webhooks) {
      if (webhook.dueAt <= now) this.#ready.push(webhook);
      else this.#wait(webhook, webhook.dueAt - now);
    }
    this.#pump();
  }

  apply({ webhooks }: Script): void {
    if (webhooks?.copies !== undefined) this.#copies = webhooks.copies;
    if (webhooks?.order !== undefined) {
      this.#sideBySide = ONE_BY_ONE;
      const direction = webhooks.order === 'oldest_first' ? 1 : -1;
      this.#ready.sort((a, b) => direction * (a.seq - b.seq));
    }
    if (webhooks?.hold !== undefined) this.#held = webhooks.hold;
    this.#pump();
  }

  /** Breaks off what is being sent (it stays pending) and sends nothing more. */
  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
    this.#ready = [];
    await Promise.all(this.#sending);
  }

  #wait(webhook: PendingWebhook, ms: number): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      this.#ready.push(webhook);
      this.#pump();
    }, ms);
    timer.unref();
    this.#waiting.add(timer);
  }

  #pump(): void {
    while (!this.#held && !this.#stopped.signal.aborted && this.#sending.size < this.#sideBySide) {
      const webhook = this.#ready.shift();
      if (!webhook) {
        // an order that was asked for is one for what had been kept back
        this.#sideBySide = SIDE_BY_SIDE;
        return;
      }
      const sent = this.#send(webhook)
        .catch((error: unknown) => this.#options.log.error('a webhook could not be worked', { error, ...webhook }))
        .finally(() => {
          this.#sending.delete(sent);
          this.#pump();
        });
      this.#sending.add(sent);
    }
  }

  async #send(webhook: PendingWebhook): Promise<void> {
    const { store, rendering, log, firstRetryMs } = this.#options;
    const { eventId } = webhook;
    const event = store.get('events', eventId);
    if (!event) return await store.transact((tx) => tx.removePending(eventId));

    let failure: string | undefined;
    for (let copy = 0; copy < this.#copies && failure === undefined; copy++) {
      failure = await this.#post(JSON.stringify(renderEvent(event, rendering)));
    }
    if (failure === undefined) return await store.transact((tx) => tx.removePending(eventId));
    if (this.#stopped.signal.aborted) return;

    const attempts = webhook.attempts + 1;
    const delay = Math.min(firstRetryMs * 2 ** (attempts - 1), MAX_RETRY_MS);
    const next: PendingWebhook = { ...webhook, attempts, dueAt: Date.now() + delay };
    if (next.dueAt > (event.created + GIVE_UP_AFTER_SECONDS) * 1_000) {
      log.error('a webhook is given up', { eventId, attempts, failure });
      return await store.transact((tx) => tx.removePending(eventId));
    }
    log.warn('a webhook was not accepted', { eventId, attempts, failure, retryInMs: delay });
    await store.transact((tx) => tx.putPending(next));
    this.#wait(next, delay);
  }

  /** Undefined once the endpoint has answered 2xx, else what went wrong. */
  async #post(payload: string): Promise<string | undefined> {
    const { url, secret } = this.#options;
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'manual',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'Stripe/1.0 (Comanda simulator)',
          // signed anew for every attempt: a receiver refuses signatures that are minutes old
          'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload, secret }),
        },
        body: payload,
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      return response.ok ? undefined : `HTTP ${response.status}`;
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error;
      return cause instanceof Error ? cause.message : String(cause);
    }
  }
}
