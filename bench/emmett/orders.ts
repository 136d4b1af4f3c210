import type { Command, Event } from '@event-driven-io/emmett';
import { IllegalStateError } from '@event-driven-io/emmett';

export interface Line {
  readonly sku: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: number;
}

export type OrderPlaced = Event<
  'OrderPlaced',
  { orderId: string; locationId: string; mode: string; lines: Line[]; total: number; placedAt: string }
>;
export type PlaceOrder = Command<
  'PlaceOrder',
  { orderId: string; locationId: string; mode: string; lines: Line[] },
  { now: Date }
>;
export type Order = { readonly status: 'none' } | ({ readonly status: 'placed' } & Readonly<OrderPlaced['data']>);

export const initialState = (): Order => ({ status: 'none' });

export const evolve = (_state: Order, { data }: OrderPlaced): Order => ({ status: 'placed', ...data });

export function placeOrder({ data, metadata }: PlaceOrder, state: Order): OrderPlaced {
  if (state.status !== 'none') throw new IllegalStateError('the order is placed already');
  const total = data.lines.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  return { type: 'OrderPlaced', data: { ...data, total, placedAt: (metadata?.now ?? new Date()).toISOString() } };
}
