/** What the demo reads of an order; the whole of it is in the API document. */
export interface Order {
  readonly id: string;
  readonly number: string;
  readonly merchantOrderNo?: string;
  readonly status: string;
  readonly revision: number;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly total: { readonly amount: number; readonly currency: string };
  readonly payment: { readonly status: string; readonly link?: string };
  readonly rejection?: { readonly reasons: readonly { readonly text: string }[] };
}

export interface Stock {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
}

export interface Ticket {
  readonly id: string;
  readonly orderId: string;
  readonly state: string;
  readonly items: readonly {
    readonly sku: string;
    readonly qty?: number;
    readonly quantity?: number;
    readonly state: string;
  }[];
}

/** An answer that the demo did not expect, with the problem's own words. */
export class UnexpectedAnswer extends Error {
  constructor(
    readonly status: number,
    request: string,
    body: string,
  ) {
    super(`${request} answered ${status}: ${body.slice(0, 500)}`);
  }
}

interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

/** A plain HTTP client of Comanda's API: JSON in and out, anything but the expected statuses is an error. */
export class Client {
  /** The first payment page that was visited: at the provider, which an order names only while it is to be paid. */
  paymentPage: string | undefined;

  constructor(private readonly base: string) {}

  async request<T>(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string>; expect?: readonly number[] } = {},
  ): Promise<Answer<T>> {
    const response = await fetch(new URL(path, this.base), {
      method,
      headers: {
        accept: 'application/json',
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      signal: AbortSignal.timeout(60_000),
    });
    const text = await response.text();
    if (!(options.expect ?? [200, 201]).includes(response.status))
      throw new UnexpectedAnswer(response.status, `${method} ${path}`, text);
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as T,
    };
  }

  async get<T>(path: string): Promise<T> {
    return (await this.request<T>('GET', path)).body;
  }

  /** Every item of a list, page after page. */
  async *items<T>(path: string): AsyncGenerator<T> {
    let cursor: string | null | undefined;
    do {
      const separator = path.includes('?') ? '&' : '?';
      const page = await this.get<{ items: readonly T[]; next: string | null }>(
        `${path}${separator}limit=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
      );
      yield* page.items;
      cursor = page.next;
    } while (cursor);
  }

  /** Presses a button of the payment page: succeed, decline or abandon. Without `expect` it must take that. */
  async pay(link: string, outcome: 'succeed' | 'decline' | 'abandon', expect?: readonly number[]): Promise<void> {
    this.paymentPage ??= link;
    const response = await fetch(link, {
      method: 'POST',
      body: new URLSearchParams({ outcome }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const isExpected = expect === undefined ? response.ok : expect.includes(response.status);
    if (!isExpected) throw new UnexpectedAnswer(response.status, 'POST (payment link)', text);
  }
}

/** Runs `work` for each item, at most `width` side by side, in order of the list. */
export async function sideBySide<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (const item of queue) await work(item);
    }),
  );
}
