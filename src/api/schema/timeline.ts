import { anything, dateTime, integer, oneOf, text } from './primitives.js';
import { described, named } from './schema.js';
import { list, nullable, object } from './structures.js';

const actor = object(
  {
    kind: oneOf('customer', 'staff', 'kitchen', 'admin', 'auditor', 'merchant', 'system', 'provider'),
    id: described(text(200), 'Who did it', 'admin/local'),
  },
  { via: text(100) },
);

/** The history of a stream, as it was written. */
export const timelineAnswer = named(
  'Timeline',
  object({
    items: list(
      named(
        'TimelineItem',
        object({
          revision: integer(0),
          type: described(text(100), 'A fact in the past tense', 'OrderPlaced'),
          at: dateTime,
          actor,
          commandId: text(100),
          correlationId: text(200),
          causationId: nullable(text(200)),
          data: described(anything, 'What the event says'),
        }),
      ),
    ),
  }),
);
