import type { Client, Order as AnyOrder } from '../demo/client.js';

interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** What the evening reads of an order; the whole of it is in the API document. */
export interface Order extends Omit<AnyOrder, 'lines'> {
  readonly lines: readonly {
    readonly lineId: string;
    readonly sku: string;
    readonly quantity: number;
    readonly net: Money;
  }[];
  readonly deliveryFee?: Money;
  readonly tip?: Money;
  readonly due: Money;
  readonly payment: { readonly status: string; readonly link?: string; readonly captured: Money };
  readonly fulfilment: { readonly status: string };
  readonly refunds: { readonly status: string; readonly due: Money; readonly refunded: Money };
  readonly cancellation?: { readonly state: string };
  readonly hold?: { readonly kind: string };
}

const PATIENCE_MS = 180_000;

/** Looks at an order until it is as wanted. */
export async function orderOnce(
  client: Client,
  id: string,
  wanted: string,
  isSo: (order: Order) => boolean,
): Promise<Order> {
  for (const deadline = Date.now() + PATIENCE_MS; ; await pause(150)) {
    const order = await client.get<Order>(`/v1/orders/${id}`);
    if (isSo(order)) return order;
    if (Date.now() > deadline)
      throw new Error(`order ${id} is ${order.status} and was not ${wanted} within three minutes`);
  }
}

export const isDead = ({ status }: Order): boolean => ['rejected', 'expired', 'cancelled'].includes(status);
export const isServed = ({ status }: Order): boolean => ['fulfilled', 'completed'].includes(status);

export const pause = (ms: number): Promise<void> => new Promise((resume) => setTimeout(resume, ms));
