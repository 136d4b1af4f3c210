import { categoryOf } from '../../domain/kernel/streams.js';
import { type Check, NOTHING } from '../check.js';

/** Whole streams of these are deleted when they are over, and their last event may be all that the store keeps. */
const DELETED_WHEN_OVER: ReadonlySet<string> = new Set(['pickupCounter']);

/** The store numbers a stream's events from 0 without a gap; where one is missing, every fold of the stream is wrong. */
export const gaplessRevisions: Check = {
  name: 'revisions-gapless',
  rule: 'the revisions of every stream go up from 0 one by one',
  begin: () => ({
    item: ({ stream, revision }, known) => {
      if (revision === known + 1) return NOTHING;
      if (known < 0 && DELETED_WHEN_OVER.has(categoryOf(stream))) return NOTHING;
      const text = known < 0 ? 'the beginning of the stream is missing' : 'events before this one are missing';
      return [{ where: `${stream}@${revision}`, text, expected: known + 1, found: revision }];
    },
  }),
};
