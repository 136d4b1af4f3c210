import type { TicketItem } from '../../domain/ticket/events.js';

type Items = readonly Pick<TicketItem, 'prepSeconds'>[];

/**
 * When a ticket must come to the cooks to be ready as promised: the promise less the longest preparation, for everything of
 * a ticket is begun at the same time. RFC 3339, UTC, milliseconds.
 */
export const fireTime = (promisedAt: string, items: Items): string => shifted(promisedAt, -longest(items));

/** When a ticket that comes to the cooks at that time is ready: RFC 3339, UTC, milliseconds. */
export const readyTime = (fireAt: string, items: Items): string => shifted(fireAt, longest(items));

/** In seconds. */
const longest = (items: Items): number => Math.max(0, ...items.map(({ prepSeconds }) => prepSeconds));
const shifted = (at: string, seconds: number): string => new Date(Date.parse(at) + 1000 * seconds).toISOString();
