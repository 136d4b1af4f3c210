import { BACKWARDS, END, EventStoreDBClient } from '@eventstore/db-client';

/** The stages of an order on its way to a payment link, each with the event that ends it. */
export const STAGES = [
  { name: 'placed → stock secured', from: 'placed', to: 'accepted' },
  { name: 'stock secured → payment opened (publisher → consumer)', from: 'accepted', to: 'opened' },
  { name: 'payment opened → link attached', from: 'opened', to: 'linked' },
] as const;

type Moment = (typeof STAGES)[number]['from' | 'to'];

/** When each moment of an order was stored, in milliseconds. */
export type Way = Partial<Record<Moment, number>>;

const MOMENTS: Readonly<Record<string, Moment>> = {
  OrderPlaced: 'placed',
  OrderAccepted: 'accepted',
  PaymentOpened: 'opened',
  PaymentLinkAttached: 'linked',
};

/**
 * The ways of all orders that were placed since a time (milliseconds), from the log alone, read backwards once the load is
 * over: nothing is measured while it runs, so the measuring costs nothing.
 */
export async function waysSince(eventStoreUrl: string, since: number): Promise<readonly Way[]> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const ways = new Map<string, Way>();
  try {
    for await (const { event } of client.readAll({ direction: BACKWARDS, fromPosition: END })) {
      if (!event || event.type.startsWith('$')) continue;
      const at = event.created.getTime();
      if (at < since) break;
      const moment = MOMENTS[event.type];
      if (moment === undefined) continue;
      const { orderId } = event.data as { orderId?: string };
      const id = moment === 'opened' ? (orderId ?? '') : event.streamId.slice('order-'.length);
      ways.set(id, { ...ways.get(id), [moment]: at });
    }
  } finally {
    await client.dispose();
  }
  return [...ways.values()].filter(({ placed }) => placed !== undefined);
}

/** The orders in as many groups of one size, by when they were placed. */
export function inTurn(ways: readonly Way[], groups: number): readonly (readonly Way[])[] {
  const inOrder = [...ways].sort((a, b) => (a.placed ?? 0) - (b.placed ?? 0));
  return Array.from({ length: groups }, (_, group) =>
    inOrder.slice((group * inOrder.length) / groups, ((group + 1) * inOrder.length) / groups),
  );
}

/** Milliseconds of one stage, for each order that went through it. */
export const durations = (ways: readonly Way[], from: Moment, to: Moment): readonly number[] =>
  ways.flatMap((way) => {
    const [begin, end] = [way[from], way[to]];
    return begin === undefined || end === undefined ? [] : [end - begin];
  });

/** How many orders were in a stage at each of so many moments between the first and the last order placed. */
export function queueLengths(ways: readonly Way[], from: Moment, to: Moment, samples: number): readonly number[] {
  const placed = ways.flatMap((way) => way.placed ?? []);
  const begin = placed.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const end = placed.reduce((a, b) => Math.max(a, b), 0);
  return Array.from({ length: samples }, (_, sample) => {
    const moment = begin + ((end - begin) * (sample + 1)) / samples;
    return ways.filter((way) => (way[from] ?? Infinity) <= moment && (way[to] ?? Infinity) > moment).length;
  });
}
