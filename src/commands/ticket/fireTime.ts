import type { TicketItem } from '../../domain/ticket/events.js';

/**
 * When a ticket must come to the cooks to be ready as promised: the promise less the longest preparation, for everything of
 * a ticket is begun at the same time. RFC 3339, UTC, milliseconds.
 */
export const fireTime = (promisedAt: string, items: readonly Pick<TicketItem, 'prepSeconds'>[]): string =>
  new Date(Date.parse(promisedAt) - 1000 * Math.max(0, ...items.map(({ prepSeconds }) => prepSeconds))).toISOString();
