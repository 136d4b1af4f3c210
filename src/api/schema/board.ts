import { ticketId } from './ids.js';
import { boolean } from './primitives.js';
import { described, named } from './schema.js';
import { list, object } from './structures.js';
import { ticketAnswer } from './ticket.js';

/** What the data of an event of the kitchen's stream are. */
export const boardEvent = named(
  'BoardEvent',
  object(
    {
      tickets: described(
        list(ticketAnswer),
        'board: everything on it, what is urgent first, then the oldest. change: what came or is another by now',
      ),
      more: described(boolean, 'Whether more tickets are open than a stream shows'),
    },
    { gone: described(list(ticketId), 'change: what is not on it any more') },
  ),
);
