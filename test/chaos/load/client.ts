import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from '../plan/random.js';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** What whoever uses the shop has seen of it. */
export interface Traffic {
  requests: number;
  /** No answer: refused, cut off or too late, and so open whether it was carried out. */
  lost: number;
  /** 503, or 409 that asks to come back. */
  comeBack: number;
}

/** The shop answered with what it must never answer with. */
export class ShopFault extends Error {
  override readonly name = 'ShopFault';
}

/** Nobody answered for longer than anything in the plan lasts. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

const ANSWER_WITHIN_MS = 7_000;
const PATIENCE_MS = 300_000;
/** Whoever asks again waits twice as long as the time before, so that a shop that is down is not held down by its customers. */
const AGAIN_MS = { first: 100, most: 3_200 };

/** A client that never gives up: the same request again, at whichever process, until there is a definite answer. */
export class Client {
  constructor(
    private readonly urls: readonly string[],
    private readonly random: Random,
    readonly traffic: Traffic,
    private readonly signal: AbortSignal,
  ) {}

  /** Asks the shop. Everything but 5xx, and what asks to come back, is a definite answer. */
  ask<Body>(
    method: string,
    path: string,
    options: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer<Body>> {
    return this.persistently(`${method} ${path}`, () =>
      fetch(`${this.random.pick(this.urls)}${path}`, {
        method,
        headers: { ...(options.body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
        ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      }),
    );
  }

  /** Presses a button of a payment page. */
  press(link: string, outcome: 'succeed' | 'decline' | 'process'): Promise<Answer<{ readonly result?: string }>> {
    return this.persistently(`${outcome} at ${link}`, () =>
      fetch(link, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body: new URLSearchParams({ outcome }),
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      }),
    );
  }

  /** A call of the provider's own API, `GET`. */
  provider<Body>(stripe: { readonly url: string; readonly secretKey: string }, path: string): Promise<Answer<Body>> {
    return this.persistently(`GET ${path}`, () =>
      fetch(`${stripe.url}${path}`, {
        headers: { authorization: `Bearer ${stripe.secretKey}` },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      }).then(toldToFail),
    );
  }

  private async persistently<Body>(what: string, send: () => Promise<Response>): Promise<Answer<Body>> {
    const end = performance.now() + PATIENCE_MS;
    let last = 'nothing yet';
    let wait = AGAIN_MS.first;
    while (performance.now() < end) {
      this.signal.throwIfAborted();
      this.traffic.requests += 1;
      try {
        const response = await send();
        const text = await response.text();
        const answer = { status: response.status, body: bodyOf(text) as Body };
        if (!asksToComeBack(response.status, text)) {
          if (response.status >= 500) throw new ShopFault(`${what} was answered with ${response.status}: ${text}`);
          return answer;
        }
        this.traffic.comeBack += 1;
        last = `${response.status} ${text}`;
      } catch (error) {
        if (!isLoss(error)) throw error;
        this.traffic.lost += 1;
        last = String(error);
      }
      await sleep(wait + this.random.whole(0, wait));
      wait = Math.min(2 * wait, AGAIN_MS.most);
    }
    throw new NoAnswer(`${what}: no answer for ${PATIENCE_MS} ms; at last ${last}`);
  }
}

const asksToComeBack = (status: number, text: string): boolean =>
  status === 503 || status === 429 || (status === 409 && text.includes('request-in-progress'));

/** The provider is told to fail some calls of its API, whoever makes them: that is no fault of the shop. */
function toldToFail(response: Response): Response {
  if (response.status >= 500) throw new TypeError(`the provider answered with ${response.status}`);
  return response;
}

/** A refused or broken connection, half a body, or patience that came to its end. */
const isLoss = (error: unknown): boolean =>
  error instanceof TypeError ||
  error instanceof SyntaxError ||
  (error instanceof DOMException && error.name === 'TimeoutError');

const bodyOf = (text: string): unknown => (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined);
