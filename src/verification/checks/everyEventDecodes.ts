import * as E from 'fp-ts/lib/Either.js';
import { AGGREGATES } from '../../domain/aggregates.js';
import { categoryOf } from '../../domain/kernel/streams.js';
import type { Check } from '../check.js';

const typesOf = new Map<string, ReadonlySet<string>>(
  AGGREGATES.map(({ category, codec }) => [category, new Set<string>(codec.types)]),
);

/** Whatever was ever written must be readable for ever, and stand in a stream of its own kind. */
export const everyEventDecodes: Check = {
  name: 'every-event-decodes',
  rule: 'every event in our streams can be read, and is of a kind that belongs there',
  begin: () => ({
    item: function* ({ stream, revision, type, decoded }) {
      const where = `${stream}@${revision}`;
      if (E.isLeft(decoded)) yield { where, text: `${type} cannot be read: ${decoded.left.reason}` };
      else if (typesOf.get(categoryOf(stream))?.has(type) === false) {
        yield { where, text: `${type} does not belong into a stream of this kind` };
      }
    },
  }),
};
