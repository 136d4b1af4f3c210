import { dateTime, integer, text } from './primitives.js';
import { described, named, type Schema } from './schema.js';
import { list, nullable, object } from './structures.js';

const parts = <A>(item: Schema<A>) => ({
  items: list(item),
  next: described(nullable(text(2000)), 'The cursor of the next page; null on the last one'),
  asOf: described(dateTime, 'Everything that happened up to then is in the list'),
  lagMs: described(integer(0), 'Milliseconds since asOf'),
});

/** A page of a list, with how current it is. */
export const page = <A>(name: string, item: Schema<A>) => named(name, object(parts(item)));

/** The same with more that is true of the whole list. */
export const pageWith = <A>(name: string, item: Schema<A>, more: Readonly<Record<string, Schema<unknown>>>) =>
  named(name, object({ ...parts(item), ...more }));
