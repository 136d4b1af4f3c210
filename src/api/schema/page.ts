import { dateTime, integer, text } from './primitives.js';
import { described, named, type Schema } from './schema.js';
import { list, nullable, object } from './structures.js';

/** A page of a list, with how current it is. */
export const page = <A>(name: string, item: Schema<A>) =>
  named(
    name,
    object({
      items: list(item),
      next: described(nullable(text(2000)), 'The cursor of the next page; null on the last one'),
      asOf: described(dateTime, 'Everything that happened up to then is in the list'),
      lagMs: described(integer(0), 'Milliseconds since asOf'),
    }),
  );
