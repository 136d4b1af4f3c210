import { isDeepStrictEqual } from 'node:util';
import type { Invariant } from './invariant.js';
import { Violation } from './violation.js';

/** Whoever is told that its events are stored may go on with them: they are the ones that everybody reads. */
export function storedAsSent(): Invariant {
  const name = 'what is confirmed is stored as it was sent';
  return {
    name,
    recognised: (stored, sent) => {
      for (const [index, { id, stream, revision, type, data, metadata }] of stored.entries()) {
        const own = sent[index];
        const same = own && isDeepStrictEqual(asJson([own.type, own.data, own.metadata]), [type, data, metadata]);
        if (!same) throw new Violation(name, `${stream}@${revision} (${id}) is confirmed to somebody who sent another`);
      }
    },
  };
}

const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
