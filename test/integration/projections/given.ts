import type { RecordedEvent } from '../../../src/domain/events.js';
import type { ProjectionDefinition } from '../../../src/subscriptions/contract.js';
import type { Ground } from '../subscriptions/setup.js';

/** Projects batches as a runner would, one transaction each; `times` says how often each comes. */
export const givenProjection = ({ database }: Pick<Ground, 'database'>, definition: ProjectionDefinition) => ({
  when: async (events: readonly RecordedEvent[], { times = 1, batch = events.length } = {}): Promise<void> => {
    for (let begin = 0; begin < events.length; begin += batch) {
      const stretch = events.slice(begin, begin + batch);
      for (let time = 0; time < times; time++) {
        await definition.prepare?.(stretch);
        await database.transaction((transaction) => definition.project(stretch, transaction));
        definition.committed?.(stretch);
      }
    }
  },
});
