import * as E from 'fp-ts/lib/Either.js';
import { AGGREGATES } from '../../domain/aggregates.js';
import { categoryOf } from '../../domain/kernel/streams.js';
import { type Check, NOTHING } from '../check.js';

const typesOf = new Map<string, ReadonlySet<string>>(
  AGGREGATES.map(({ category, codec }) => [category, new Set<string>(codec.types)]),
);

/** Whatever was ever written must be readable for ever, and stand in a stream of its own kind. */
export const everyEventDecodes: Check = {
  name: 'every-event-decodes',
  rule: 'every event in our streams can be read, and is of a kind that belongs there',
  begin: () => ({
    item: ({ stream, revision, type, decoded }) => {
      if (E.isLeft(decoded)) {
        return [{ where: `${stream}@${revision}`, text: `${type} cannot be read: ${decoded.left.reason}` }];
      }
      if (typesOf.get(categoryOf(stream))?.has(type) !== false) return NOTHING;
      return [{ where: `${stream}@${revision}`, text: `${type} does not belong into a stream of this kind` }];
    },
  }),
};
