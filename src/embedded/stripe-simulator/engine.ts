import { createHash } from 'node:crypto';
import type { Context } from './emit.js';
import { StripeApiError } from './errors.js';
import { newId } from './ids.js';
import { moveDispute, openDispute } from './disputes.js';
import { type Outcome, type Visit, visit } from './paying.js';
import type { DisputeRecord, KeptAnswer, PendingWebhook, RefundRecord } from './records.js';
import { settleRefund } from './refunds.js';
import type { Payable } from './script.js';
import { closeSession, sessionOf } from './sessions.js';
import type { Store, Work } from './store.js';

export interface EngineOptions {
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Takes over what has just become pending; absent where there is no endpoint. */
  readonly onPending: ((webhooks: readonly PendingWebhook[]) => void) | undefined;
}

/** A call that changes something: where, with what, and under which idempotency key. */
export interface Call {
  /** Method and path, for example `POST /v1/refunds`. */
  readonly endpoint: string;
  readonly params: unknown;
  readonly idempotencyKey: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
  /** It was given before and kept under the key. */
  readonly replayed: boolean;
}

/** Stripe may forget a key after a day: https://docs.stripe.com/api/idempotent_requests. */
const KEEP_ANSWERS_SECONDS = 24 * 60 * 60;
const EXPIRE_AT_ONCE = 100;

/** Runs changes one after the other, each durable before it is answered, and each at most once under its idempotency key. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #inFlight = new Set<string>();
  readonly #changes = new Set<Promise<unknown>>();

  constructor(options: EngineOptions) {
    this.#options = options;
  }

  /**
   * Answers a call of the API. `handle` runs inside the transaction and either gives the object to answer or throws a
   * StripeApiError; the answer is kept in the same transaction, so a crash leaves both or neither.
   */
  async call(call: Call, handle: (context: Context) => object): Promise<Answer> {
    const { idempotencyKey: key } = call;
    if (key !== undefined && this.#inFlight.has(key)) throw inUse(key);
    if (key !== undefined) this.#inFlight.add(key);
    try {
      return await this.#change((tx, now) => {
        const digest = digestOf(call.params);
        const kept = key === undefined ? undefined : freshAnswer(tx, key, now);
        if (kept) return replay(kept, call, digest);
        const requestId = newId('req');
        const request = { id: requestId, ...(key === undefined ? {} : { idempotencyKey: key }) };
        const { status, body, keep } = outcomeOf(tx, () => handle(this.#context(tx, now, request)));
        if (key !== undefined && keep) {
          tx.forgetAnswers(now - KEEP_ANSWERS_SECONDS);
          tx.keepAnswer(key, { endpoint: call.endpoint, digest, status, body, requestId, at: now });
        }
        return { status, body, requestId, replayed: false };
      });
    } finally {
      if (key !== undefined) this.#inFlight.delete(key);
    }
  }

  /** Lets the payer act on a session; throws Stripe's 404 where there is none. */
  async visit(sessionId: string, outcome: Outcome, payable?: Payable): Promise<Visit> {
    const paying = payable === undefined ? {} : { payable };
    return await this.#change((tx, now) =>
      visit(sessionOf(tx, sessionId), outcome, { ...this.#context(tx, now), ...paying }),
    );
  }

  async openDispute(dispute: Parameters<typeof openDispute>[0]): Promise<DisputeRecord> {
    return await this.#change((tx, now) => openDispute(dispute, this.#context(tx, now)));
  }

  async moveDispute(id: string, status: Parameters<typeof moveDispute>[1]): Promise<DisputeRecord> {
    return await this.#change((tx, now) => moveDispute(id, status, this.#context(tx, now)));
  }

  async settleRefund(id: string, outcome: Parameters<typeof settleRefund>[1]): Promise<RefundRecord> {
    return await this.#change((tx, now) => settleRefund(id, outcome, this.#context(tx, now)));
  }

  /** Closes the sessions whose time is up. Cheap when there are none: called before everything that shows sessions. */
  async expireOverdue(): Promise<void> {
    while (this.#options.store.overdueSessions(this.#seconds(), 1).length > 0) {
      await this.#change((tx, now) => {
        for (const id of tx.overdueSessions(now, EXPIRE_AT_ONCE)) {
          const session = sessionOf(tx, id);
          // what is no longer open only leaves the list of the overdue
          if (session.status === 'open') closeSession(session, this.#context(tx, now));
          else tx.put('sessions', session);
        }
      });
    }
  }

  /** Resolves when nothing is being written. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#changes);
  }

  #seconds(): number {
    return Math.floor(this.#options.now() / 1_000);
  }

  #context(tx: Work, now: number, request?: Context['request']): Context {
    return { tx, now, tellsWebhooks: this.#options.onPending !== undefined, ...(request ? { request } : {}) };
  }

  async #change<T>(work: (tx: Work, now: number) => T): Promise<T> {
    const { store, onPending } = this.#options;
    const pending: PendingWebhook[] = [];
    const change = store.transact((tx) =>
      work(
        {
          ...tx,
          putPending: (webhook) => {
            pending.push(webhook);
            tx.putPending(webhook);
          },
          discard: () => {
            pending.length = 0;
            tx.discard();
          },
        },
        this.#seconds(),
      ),
    );
    this.#changes.add(change);
    const result = await change.finally(() => this.#changes.delete(change));
    onPending?.(pending);
    return result;
  }
}

function outcomeOf(tx: Work, handle: () => object): { status: number; body: string; keep: boolean } {
  try {
    return { status: 200, body: JSON.stringify(handle()), keep: true };
  } catch (error) {
    if (!(error instanceof StripeApiError)) throw error;
    tx.discard();
    return { status: error.status, body: JSON.stringify({ error: error.body }), keep: error.remembered };
  }
}

function freshAnswer(tx: Work, key: string, now: number): KeptAnswer | undefined {
  const kept = tx.keptAnswer(key);
  return kept && kept.at > now - KEEP_ANSWERS_SECONDS ? kept : undefined;
}

function replay(kept: KeptAnswer, call: Call, digest: string): Answer {
  const key = call.idempotencyKey ?? '';
  if (kept.endpoint !== call.endpoint) {
    throw idempotencyError(
      `The key '${key}' was first used for '${kept.endpoint}' and cannot be used for '${call.endpoint}'.`,
    );
  }
  if (kept.digest !== digest) {
    throw idempotencyError(
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`,
    );
  }
  return { status: kept.status, body: kept.body, requestId: kept.requestId, replayed: true };
}

const idempotencyError = (message: string) => new StripeApiError(400, { type: 'idempotency_error', message });

const inUse = (key: string) =>
  new StripeApiError(409, {
    type: 'invalid_request_error',
    code: 'idempotency_key_in_use',
    message: `There is another request in progress with the idempotency key '${key}'; try again later.`,
  });

/** The same for the same parameters, in whatever order they came. */
const digestOf = (params: unknown): string => createHash('sha256').update(canonical(params)).digest('base64url');

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
