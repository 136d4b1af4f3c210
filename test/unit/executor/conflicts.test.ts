import { expect } from 'chai';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { harness, left, right } from './harness.js';
import type { Fate } from './scriptedStore.js';
import { context, LIMIT, TALLY, tally } from './tally.js';

describe('executor, point 4: when others wrote first', () => {
  it('reads the tail, evolves and decides again', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a' }, 'a');
    store.calls.length = 0;
    store.script('overtaken', 'overtaken');
    const done = right(await execute({ type: 'Add', label: 'b' }, 'b'));
    expect(store.calls).to.deep.equal(['append', 'tail', 'append', 'tail', 'append']);
    expect(done).to.deep.include({ revision: 3, repeated: false });
    expect(done.state.labels.at(-1)).to.equal('b');
  });

  it('refuses on the new state where that forbids it', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a', by: LIMIT - 1 }, 'a');
    store.script('overtaken');
    expect(left(await execute({ type: 'Add', label: 'b' }, 'b'))).to.deep.equal({ _tag: 'TooMuch', total: LIMIT });
  });

  it('gives up after its retries, writes nothing, and says so as a refusal', async () => {
    const { store, execute } = harness({ conflictRetries: { retries: 2, baseMs: 0, maxMs: 0 } });
    store.script(...Array.from({ length: 3 }, (): Fate => 'overtaken'));
    const answer = await execute({ type: 'Add', label: 'a' }, 'a');
    expect(left(answer)).to.deep.equal({ _tag: 'ConcurrencyConflict', stream: TALLY });
    expect(store.events(TALLY).map(({ metadata }) => metadata)).to.have.length(3);
    const next = right(await execute({ type: 'Add', label: 'b' }, 'b'));
    expect(next.revision).to.equal(3);
  });

  it('waits a random part of a doubling time between its tries', async () => {
    const drawn: number[] = [];
    const random = (): number => {
      drawn.push(drawn.length);
      return 0;
    };
    const { store, execute } = harness({ random });
    store.script('overtaken', 'overtaken', 'overtaken');
    await execute({ type: 'Add', label: 'a' }, 'a');
    expect(drawn).to.have.length(3);
  });

  it('reads the whole stream again where memory is ahead of a store that was put back', async () => {
    const { store, execute } = harness();
    for (const label of ['a', 'b', 'c']) await execute({ type: 'Add', label }, label);
    store.truncate(TALLY, 1);
    const done = right(await execute({ type: 'Add', label: 'd' }, 'd'));
    expect(done).to.deep.include({ revision: 1, state: { total: 2, labels: ['a', 'd'] } });
  });

  it('goes on with what another process decided first on the same derived command, whose times are others', async () => {
    const { store, executor, execute } = harness();
    const other = createExecutor({ eventStore: store, random: () => 0 });
    await execute({ type: 'Add', label: 'x' }, 'x');
    await other.execute(
      tally,
      TALLY,
      { type: 'Add', label: 'theirs' },
      context('a', { at: '2026-01-01T10:00:01.000Z' }),
    );
    const done = right(await execute({ type: 'Add', label: 'mine' }, 'a'));
    expect(done).to.deep.include({ revision: 1, repeated: true, state: { total: 2, labels: ['x', 'theirs'] } });
    expect((await executor.load(tally, TALLY)).state.labels).to.deep.equal(['x', 'theirs']);
  });

  it('lets two executors add to one stream without losing or doubling anything', async () => {
    const { store, execute } = harness({ conflictRetries: { retries: 50, baseMs: 1, maxMs: 5 }, random: Math.random });
    const other = createExecutor({
      eventStore: store,
      random: Math.random,
      conflictRetries: { retries: 50, baseMs: 1, maxMs: 5 },
    });
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        n % 2 === 0
          ? execute({ type: 'Add', label: `${n}` }, `${n}`)
          : other.execute(
              tally,
              TALLY,
              { type: 'Add', label: `${n}` },
              {
                commandId: `${n}`,
                correlationId: 'c',
                causationId: null,
                actor: { kind: 'system', id: 'system/other' },
                tenant: 'main',
                at: '2026-01-01T10:00:00.000Z',
              },
            ),
      ),
    );
    const granted = answers.filter(({ _tag }) => _tag === 'Right');
    expect(granted).to.have.length(LIMIT);
    expect(store.events(TALLY)).to.have.length(LIMIT);
  });
});
