import * as E from 'fp-ts/lib/Either.js';
import { askTicket } from '../../../src/commands/ticket/askTicket.js';
import { handOver } from '../../../src/commands/ticket/handOver.js';
import type { TicketId, TicketItemId } from '../../../src/domain/kernel/ids.js';
import { ticketStream } from '../../../src/domain/kernel/streams.js';
import { activeItems, isOpened, type TicketCommand } from '../../../src/domain/ticket/index.js';
import type { CommandContext } from '../../../src/commands/executor/contract.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';

/** The people in the kitchen work one ticket, item by item or all at one touch, and hand it over. */
export async function cook(installation: Installation, random: Random, id: TicketId): Promise<void> {
  const { histories } = installation;
  const ticket = histories.newestOf('ticket', ticketStream(id));
  if (!ticket || !isOpened(ticket)) throw new Error(`there is no ticket ${id}`);
  const rest = (): Promise<void> => sleep(installation, random.fraction() * 6_000);
  const ask = (what: string, command: (context: CommandContext) => TicketCommand) =>
    insist(installation, random, `${what} of ${id}`, (api) => {
      const context = requestContext(api, random);
      return askTicket(api.core.executor, id, command(context), context);
    });
  await rest();
  // what comes on top while they are at it is made as well, before anything is handed over
  for (let rounds = 0; rounds < MOST_ROUNDS; rounds += 1) {
    if (random.chance(0.3)) {
      await ask('bump', ({ actor, at }) => ({ type: 'BumpTicket', by: actor.id, at }));
    } else {
      for (const itemId of toMake(installation, id)) {
        await ask(`start ${itemId}`, ({ actor }) => ({ type: 'StartItem', itemId, by: actor.id }));
        await rest();
        await ask(`finish ${itemId}`, ({ actor, at }) => ({ type: 'FinishItem', itemId, by: actor.id, at }));
      }
    }
    await rest();
    const handed = await insist(installation, random, `hand over ${id}`, (api) =>
      handOver(api.core.executor, id, {}, requestContext(api, random)),
    );
    // with nothing left to make it is called off, as soon as whoever does that hears of it
    if (E.isRight(handed) || handed.left._tag !== 'NotReady' || handed.left.openItems.length === 0) return;
  }
}

/** More often nobody adds anything to a ticket. */
const MOST_ROUNDS = 10;

function toMake({ histories }: Installation, id: TicketId): readonly TicketItemId[] {
  const ticket = histories.newestOf('ticket', ticketStream(id));
  if (!ticket || !isOpened(ticket)) return [];
  return activeItems(ticket)
    .filter(({ state }) => state !== 'done')
    .map(({ itemId }) => itemId);
}
