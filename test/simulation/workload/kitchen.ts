import { bumpTicket } from '../../../src/commands/ticket/bumpTicket.js';
import { finishItem } from '../../../src/commands/ticket/finishItem.js';
import { handOver } from '../../../src/commands/ticket/handOver.js';
import { startItem } from '../../../src/commands/ticket/startItem.js';
import type { TicketId } from '../../../src/domain/kernel/ids.js';
import { ticketStream } from '../../../src/domain/kernel/streams.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';

/** The people in the kitchen work one ticket, item by item or all at one touch, and hand it over. */
export async function cook(installation: Installation, random: Random, id: TicketId): Promise<void> {
  const { histories } = installation;
  const ticket = histories.newestOf('ticket', ticketStream(id));
  if (!ticket || ticket.status === 'none') throw new Error(`there is no ticket ${id}`);
  const rest = (): Promise<void> => sleep(installation, random.fraction() * 6_000);
  await rest();
  if (random.chance(0.3)) {
    await insist(installation, random, `bump ${id}`, (api) =>
      bumpTicket(api.core.executor, id, requestContext(api, random)),
    );
  } else {
    for (const { itemId } of ticket.items) {
      await insist(installation, random, `start ${itemId}`, (api) =>
        startItem(api.core.executor, id, itemId, requestContext(api, random)),
      );
      await rest();
      await insist(installation, random, `finish ${itemId}`, (api) =>
        finishItem(api.core.executor, id, itemId, requestContext(api, random)),
      );
    }
  }
  await rest();
  await insist(installation, random, `hand over ${id}`, (api) =>
    handOver(api.core.executor, id, {}, requestContext(api, random)),
  );
}
