import { lineIdOf, ticketIdOf, ticketItemIdOf } from '../../../src/commands/identity.js';
import type { LocationId, OrderId, Sku } from '../../../src/domain/kernel/ids.js';
import { ticketStream } from '../../../src/domain/kernel/streams.js';
import { ticket } from '../../../src/domain/ticket/index.js';
import type { TestApi } from '../../support/inMemory/api.js';
import { byTest } from './ask.js';

/** What the process that follows a confirmed order does. */
export async function openTicket(api: TestApi, orderId: OrderId): Promise<void> {
  const locationId = 'main' as LocationId;
  const ticketId = ticketIdOf(orderId, locationId);
  const lineId = lineIdOf(orderId, 0);
  const item = { itemId: ticketItemIdOf(ticketId, lineId), lineId, sku: 'soup' as Sku, name: 'Soup', qty: 2 };
  const openedAt = new Date().toISOString();
  await api.executor.execute(
    ticket,
    ticketStream(ticketId),
    {
      type: 'OpenTicket',
      ticket: {
        ticketId,
        orderId,
        orderNumber: 'ABCD-EFGH-JKMN-7',
        locationId,
        mode: 'pickup',
        items: [{ ...item, options: [], station: 'main', prepSeconds: 5 }],
        rush: false,
        openedAt,
      },
    },
    byTest(),
  );
}
