import type { Client, Ticket } from '../demo/client.js';
import { pause } from './orders.js';

interface StationTicket extends Omit<Ticket, 'items'> {
  readonly locationId: string;
  readonly mode: string;
  readonly items: readonly { readonly itemId: string; readonly station: string; readonly state: string }[];
}

/** A kitchen of one evening: every station does its part of each ticket, and what is ready is handed over. */
export class Kitchen {
  /** Orders that nobody may begin yet. */
  readonly spared = new Set<string>();
  /** Orders that are begun and not finished yet. */
  readonly lingering = new Set<string>();
  #open = true;
  #recalled = false;
  readonly #work: Promise<void>;

  constructor(
    private readonly client: Client,
    private readonly location: string,
  ) {
    this.#work = this.#cook();
  }

  /** Waits for the guests, but not in vain: throws at once what goes wrong in the kitchen. */
  async during<T>(guests: Promise<T>): Promise<T> {
    return Promise.race([guests, this.#work.then(() => Promise.reject(new Error('the kitchen closed too early')))]);
  }

  /** No more is cooked; throws what went wrong in the kitchen. */
  async close(): Promise<void> {
    this.#open = false;
    await this.#work;
  }

  async #cook(): Promise<void> {
    for (; this.#open; await pause(200)) {
      for await (const ticket of this.client.items<StationTicket>('/v1/kitchen/tickets')) {
        if (ticket.locationId !== this.location || this.spared.has(ticket.orderId)) continue;
        await this.#serve(ticket);
      }
    }
  }

  /** Nothing here insists: what somebody called off in the meantime is refused, and that is right. */
  async #serve({ id, orderId, state, mode, items }: StationTicket): Promise<void> {
    const ask = (path: string, body: unknown) =>
      this.client.request('POST', `/v1/kitchen/tickets/${id}/${path}`, { body, expect: [200, 409] });
    if (this.lingering.has(orderId)) {
      for (const { itemId, station } of items.slice(0, 1)) await ask(`items/${itemId}/start`, { station });
      return;
    }
    if (state === 'queued' || state === 'preparing') {
      for (const station of new Set(items.map((item) => item.station))) await ask('bump', { station });
      const [first] = items;
      if (!this.#recalled && first) {
        this.#recalled = true;
        await ask(`items/${first.itemId}/recall`, { station: first.station });
        await ask(`items/${first.itemId}/done`, { station: first.station });
      }
    }
    for (const item of items.filter((one) => one.state === 'voided')) await ask(`items/${item.itemId}/void-ack`, {});
    if (state === 'cancelled') return;
    await ask('hand-over', { to: mode === 'dine_in' ? 'table' : mode === 'delivery' ? 'courier' : 'customer' });
  }
}
