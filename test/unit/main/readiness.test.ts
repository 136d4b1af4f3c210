import { expect } from 'chai';
import { ANSWER_WITHIN_MS } from '../../../src/api/ports/readiness.js';
import { type Needed, readinessOf } from '../../../src/main/readiness.js';

describe('asking whether the database answers', () => {
  it('is over when nobody listens to the answer any more, so that no connection waits for it', async () => {
    const asked: (readonly [string, number])[] = [];
    const within = (milliseconds: number) => ({
      query: (sql: string) => {
        asked.push([sql, milliseconds]);
        return Promise.resolve({ rows: [], rowCount: 0 });
      },
    });
    const checks = readinessOf({
      store: {},
      database: { database: { within } },
      broker: {},
      wakeUps: {},
      kitchenSimulator: false,
    } as unknown as Needed);
    await checks.find(({ name }) => name === 'postgres')?.check(new AbortController().signal);
    expect(asked).to.deep.equal([['SELECT 1', ANSWER_WITHIN_MS]]);
  });
});
