import * as E from 'fp-ts/lib/Either.js';
import type { TicketId } from '../../domain/kernel/ids.js';
import type { TicketView } from '../../domain/ticket/index.js';
import type { Board } from '../../projections/kitchen/queries.js';
import type { ApiDependencies } from '../dependencies.js';
import { EVENT_STREAM, type StreamedEvent } from '../http/eventStream.js';
import { following, steadyReader } from '../http/following.js';
import { type Route, route } from '../http/route.js';
import { PRIVATE } from '../http/singles.js';
import { BOARD_SHOWN } from '../ports/wakeUp.js';
import { boardEvent } from '../schema/board.js';
import { text } from '../schema/primitives.js';
import { boardWithSoldOut } from './soldOut.js';
import { type ShowTicket, ticketShowing } from './ticketShown.js';

/** One statement for all who follow, and a cook who sees a ticket a second late has lost nothing. */
const LOOK_AGAIN_MS = 1_000;

/** The board as it comes to be shown somewhere: whole at first, then whatever changes on it. */
export function kitchenStreamRoutes(deps: ApiDependencies): readonly Route[] {
  const { kitchen, wakeUp, log } = deps;
  const { ticketBody } = ticketShowing(deps);
  const steady = steadyReader(log, 'the kitchen board');
  const withSoldOut = boardWithSoldOut(deps);
  const read = () => steady(async () => withSoldOut(await kitchen.board()));
  const followed = { read, wakeUp, topic: BOARD_SHOWN, everyMs: LOOK_AGAIN_MS };
  return [
    route({
      method: 'get',
      path: '/v1/kitchen/stream',
      operationId: 'followKitchen',
      tag: 'Kitchen',
      summary: 'The board, and whatever changes on it, as server-sent events',
      description:
        'Begins with an event `board`, whatever Last-Event-ID says; each event `change` after it tells what came, changed or ' +
        'went, and takes the place of what was shown of the same tickets. The id is the position of the log that the board ' +
        'has reached. Several changes in a short time may come as one. A comment every 15 seconds says that there is nothing ' +
        'new; who does not read is disconnected.',
      params: {},
      query: { station: { schema: text(40) } },
      headers: ['Last-Event-ID'],
      produces: EVENT_STREAM,
      answers: { 200: { description: 'Events `board` and `change`; the data of each', schema: boardEvent } },
      problems: ['too-many-streams'],
      handle: async ({ query: { station } }) => {
        // whoever cannot be shown the board is told so while there is still a status to tell it by
        await kitchen.board();
        return E.right({
          status: 200,
          headers: PRIVATE,
          events: (patience) => boardEvents(following(followed, patience), station, ticketBody),
        });
      },
    }),
  ];
}

/** Of boards that follow one another, the first as a whole and of the others what is different. */
export async function* boardEvents(
  boards: AsyncIterable<Board>,
  station: string | undefined,
  show: ShowTicket,
): AsyncGenerator<StreamedEvent> {
  const isWanted = ({ items }: TicketView): boolean =>
    station === undefined || items.some((item) => item.station === station);
  let shown: Board | undefined;
  for await (const board of boards) {
    const change = changeOf(shown, board, isWanted);
    if (change) {
      const { tickets, ...rest } = change;
      const data = { tickets: await Promise.all(tickets.map((ticket) => show(ticket))), ...rest };
      yield { event: shown ? 'change' : 'board', id: board.position, json: JSON.stringify(data) };
    }
    shown = board;
  }
}

interface Change {
  readonly tickets: readonly TicketView[];
  /** Absent: these are all tickets that there are. */
  readonly gone?: readonly TicketId[];
  readonly more: boolean;
}

/** What became of the tickets that are wanted; undefined: nothing. */
function changeOf(
  before: Board | undefined,
  after: Board,
  isWanted: (view: TicketView) => boolean,
): Change | undefined {
  const { more } = after;
  if (before === after) return undefined;
  const tickets = [...after.tickets].flatMap(([id, { version, view }]) =>
    before?.tickets.get(id)?.version !== version && isWanted(view) ? [view] : [],
  );
  if (!before) return { tickets, more };
  const isShown = (id: TicketId): boolean => {
    const shown = after.tickets.get(id);
    return shown !== undefined && isWanted(shown.view);
  };
  const gone = [...before.tickets].flatMap(([id, { view }]) => (isWanted(view) && !isShown(id) ? [id] : []));
  return tickets.length + gone.length > 0 || before.more !== more ? { tickets, gone, more } : undefined;
}
