import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { until } from '../../support/until.js';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** What the tests look at in an order. */
export interface Order {
  readonly id: string;
  readonly status: string;
  readonly revision: number;
  readonly payment: { readonly status: string; readonly link?: string };
  readonly fulfilment: { readonly status: string };
  readonly cancellation?: { readonly state: 'pending' | 'declined' | 'done' };
  readonly rejection?: {
    readonly reasons: readonly { readonly type: string; readonly sku: string; readonly text: string }[];
  };
}

export interface Stock {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export interface TimelineItem {
  readonly revision: number;
  readonly type: string;
  readonly data: Record<string, unknown>;
}

interface Ticket {
  readonly id: string;
  readonly orderId: string;
  readonly state: string;
  readonly items: readonly { readonly itemId: string; readonly state: string }[];
}

export interface Line {
  readonly sku: string;
  readonly quantity: number;
}

/** A client of one Comanda, as a shop's own programs would be. */
export class Shop {
  constructor(readonly url: string) {}

  async ask<Body>(
    method: string,
    path: string,
    options: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...(options.body === undefined ? {} : { 'content-type': 'application/json' }), ...options.headers },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? undefined : JSON.parse(text)) as Body,
    };
  }

  async get<Body>(path: string): Promise<Body> {
    const answer = await this.ask<Body>('GET', path);
    expect(answer.status, `GET ${path}: ${JSON.stringify(answer.body)}`).to.equal(200);
    return answer.body;
  }

  /** Puts something new on sale, with so much of it on the shelf. */
  async sell(sku: string, onHand: number, pence = 950): Promise<void> {
    const offer = {
      name: `The ${sku}`,
      price: { amount: pence, currency: 'EUR' },
      trackStock: true,
      station: 'oven',
      prepSeconds: 0,
    };
    expect((await this.ask('PUT', `/v1/offers/${sku}`, { body: offer })).status).to.equal(201);
    expect((await this.ask('PUT', `/v1/stock/${sku}/main`, { body: { onHand } })).status).to.equal(201);
  }

  order(
    lines: readonly Line[],
    options: { key?: string; wait?: number; merchantOrderNo?: string } = {},
  ): Promise<Answer<Order>> {
    const { key = randomUUID(), wait = 20, merchantOrderNo } = options;
    return this.ask<Order>('POST', '/v1/orders', {
      headers: { 'idempotency-key': key, ...(wait > 0 ? { prefer: `wait=${wait}` } : {}) },
      body: {
        locationId: 'main',
        mode: 'pickup',
        lines,
        ...(merchantOrderNo === undefined ? {} : { merchantOrderNo }),
      },
    });
  }

  /** Presses a button of the payment page. */
  async press(order: Order, outcome: 'succeed' | 'decline' | 'abandon'): Promise<number> {
    expect(order.payment.link, 'payment link').to.be.a('string');
    return (await fetch(order.payment.link ?? '', { method: 'POST', body: new URLSearchParams({ outcome }) })).status;
  }

  orderNow(id: string): Promise<Order> {
    return this.get<Order>(`/v1/orders/${id}`);
  }

  async orderOnce(id: string, status: string, withinMs = 180_000): Promise<Order> {
    let seen = await this.orderNow(id);
    await until(
      `order ${id} is ${status}`,
      async () => (seen = await this.orderNow(id)).status === status,
      withinMs,
    ).catch((error: Error) => {
      throw new Error(`${error.message}; it is ${seen.status}`);
    });
    return seen;
  }

  stock(sku: string): Promise<Stock> {
    return this.get<Stock>(`/v1/stock/${sku}/main`);
  }

  async stockOnce(sku: string, expected: Partial<Stock>): Promise<void> {
    let seen: Stock | undefined;
    await until(`stock of ${sku} is ${JSON.stringify(expected)}`, async () => {
      const now = (seen = await this.stock(sku));
      return Object.entries(expected).every(([name, units]) => now[name as keyof Stock] === units);
    }).catch((error: Error) => {
      throw new Error(`${error.message}; it is ${JSON.stringify(seen)}`);
    });
  }

  /** The ticket of an order, once the kitchen has it. */
  async ticketOf(id: string): Promise<Ticket> {
    let ticket: Ticket | undefined;
    await until(`order ${id} is on the kitchen board`, async () => {
      const { items } = await this.get<{ items: readonly Ticket[] }>('/v1/kitchen/tickets');
      ticket = items.find(({ orderId }) => orderId === id);
      return ticket !== undefined;
    });
    if (ticket === undefined) throw new Error('no ticket');
    return ticket;
  }

  async kitchen(ticket: Ticket, action: string): Promise<Ticket> {
    const { status, body } = await this.ask<Ticket>('POST', `/v1/kitchen/tickets/${ticket.id}/${action}`);
    expect(status, `${action}: ${JSON.stringify(body)}`).to.equal(200);
    return body;
  }

  async timeline(id: string): Promise<readonly TimelineItem[]> {
    return (await this.get<{ items: readonly TimelineItem[] }>(`/v1/orders/${id}/timeline`)).items;
  }
}
