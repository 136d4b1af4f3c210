import { setTimeout as sleep } from 'node:timers/promises';

/** What a request is about: whether it needs nothing but the event store, the database for its key too, or reads a view. */
export type Purpose = 'command' | 'command with a claim' | 'view';

/** One answer of the API, or that none came. */
export interface Answered {
  readonly purpose: Purpose;
  /** When it was asked and how long the answer took, in milliseconds. */
  readonly askedAt: number;
  readonly tookMs: number;
  readonly status: number;
}

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** Nothing may keep a caller waiting for longer, however slow the machine: it hangs. */
const HANGS_MS = 45_000;
const AGAIN_MS = 250;

/** Asks the API until it has a definite answer, and notes every answer on the way; a wrong one ends everything. */
export class Requests {
  /** All answers so far, oldest first. */
  readonly answers: Answered[] = [];

  constructor(private readonly url: string) {}

  /**
   * Repeats one request until its answer is not 503.
   * @param expected statuses that it may end with
   * @throws Error on any other status, on a 503 that is no proper problem, and when no answer comes
   */
  async ask<Body>(
    purpose: Purpose,
    method: string,
    path: string,
    expected: readonly number[],
    options: {
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
      readonly closing: AbortSignal;
    },
  ): Promise<Answer<Body>> {
    const { body, headers = {}, closing } = options;
    for (;;) {
      closing.throwIfAborted();
      const askedAt = performance.now();
      const response = await fetch(`${this.url}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(HANGS_MS),
      }).catch((error: unknown) => {
        throw new Error(`${method} ${path} was not answered after ${Math.round(performance.now() - askedAt)} ms`, {
          cause: error,
        });
      });
      const text = await response.text();
      const { status } = response;
      this.answers.push({ purpose, askedAt, tookMs: performance.now() - askedAt, status });
      if (expected.includes(status)) return { status, body: JSON.parse(text) as Body };
      const fault = status === 503 ? faultOfRefusal(response, text) : `${status}`;
      if (fault !== undefined) throw new Error(`${method} ${path}: ${fault}: ${text}`);
      await sleep(AGAIN_MS);
    }
  }
}

/** A 503 says when to come back, and of what type it is (RFC 9457). */
function faultOfRefusal({ headers }: Response, text: string): string | undefined {
  if (!(headers.get('content-type') ?? '').startsWith('application/problem+json')) return '503 that is no problem';
  if (!text.includes('"/problems/unavailable"')) return '503 of a wrong type';
  return /^\d+$/.test(headers.get('retry-after') ?? '') ? undefined : '503 without Retry-After';
}
