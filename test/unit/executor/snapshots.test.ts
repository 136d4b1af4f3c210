import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import type { Aggregate } from '../../../src/domain/kernel/aggregate.js';
import { createExecutor, type ExecutorOptions } from '../../../src/commands/executor/createExecutor.js';
import type { Snapshot, Snapshots } from '../../../src/commands/ports/snapshots.js';
import { scriptedStore } from './scriptedStore.js';
import { added, context, TALLY, tally, type TallyCommand, type TallyEvent } from './tally.js';

const endless: Aggregate<number, TallyCommand, TallyEvent, never> = {
  ...tally,
  initial: 0,
  decide: () => E.right([added('x')]),
  evolve: (total, { data }) => total + data.by,
  snapshot: { toJson: (total) => ({ total }), fromJson: (json) => (json as { total: number }).total },
};

/** Keeps what it is given as JSON text, as a table would. */
function memorySnapshots() {
  const kept = new Map<string, string>();
  const saves: number[] = [];
  let saved: () => void = () => undefined;
  const snapshots: Snapshots = {
    load: (stream, version) => {
      const text = kept.get(`${stream}/${version}`);
      return Promise.resolve(text === undefined ? undefined : (JSON.parse(text) as Snapshot));
    },
    save: (stream, version, snapshot) => {
      kept.set(`${stream}/${version}`, JSON.stringify(snapshot));
      saves.push(snapshot.revision);
      saved();
      return Promise.resolve();
    },
  };
  return { snapshots, kept, saves, next: () => new Promise<void>((resolve) => (saved = resolve)) };
}

async function grow(options: Partial<ExecutorOptions>, commands: readonly string[], store = scriptedStore()) {
  const executor = createExecutor({
    eventStore: store,
    random: () => 0,
    snapshotRules: { longerThan: 5, every: 4 },
    ...options,
  });
  for (const id of commands) await executor.execute(endless, TALLY, { type: 'Add', label: 'x' }, context(id));
  return { store, executor };
}
const ids = (from: number, count: number): string[] => Array.from({ length: count }, (_, n) => `c${from + n}`);

describe('executor, point 6: long streams keep a snapshot beside them', () => {
  it('writes one when a stream is long enough, and then after every so many events', async () => {
    const memory = memorySnapshots();
    const { store } = await grow({ snapshots: memory.snapshots }, ids(0, 5));
    await new Promise(setImmediate);
    expect(memory.saves).to.deep.equal([]);
    const first = memory.next();
    const { executor } = await grow({ snapshots: memory.snapshots }, ids(5, 1), store);
    await first;
    const second = memory.next();
    for (const id of ids(6, 4)) await executor.execute(endless, TALLY, { type: 'Add', label: 'x' }, context(id));
    await second;
    expect(memory.saves).to.deep.equal([5, 9]);
  });

  it('reads only what came after it, and still knows the commands and the origin behind it', async () => {
    const memory = memorySnapshots();
    const written = memory.next();
    const { store } = await grow({ snapshots: memory.snapshots }, ids(0, 6));
    await written;
    store.calls.length = 0;
    const { executor } = await grow({ snapshots: memory.snapshots }, ids(6, 1), store);
    expect(store.calls).to.deep.equal(['tail', 'append']);
    const loaded = await executor.load(endless, TALLY);
    expect(loaded).to.deep.include({ state: 7, revision: 6 });
    expect(loaded.first).to.have.property('commandId', 'c0');
    const again = await executor.execute(endless, TALLY, { type: 'Add', label: 'x' }, context('c3'));
    expect(again).to.have.nested.property('right.repeated', true);
    expect(again).to.have.nested.property('right.state', 4);
  });

  it('ignores one of another state version', async () => {
    const memory = memorySnapshots();
    const written = memory.next();
    const { store } = await grow({ snapshots: memory.snapshots }, ids(0, 6));
    await written;
    store.calls.length = 0;
    const executor = createExecutor({ eventStore: store, snapshots: memory.snapshots, random: () => 0 });
    const loaded = await executor.load({ ...endless, stateVersion: 2 }, TALLY);
    expect(loaded).to.deep.include({ state: 6, revision: 5 });
    expect(store.calls).to.deep.equal(['read']);
  });

  it('replays where it cannot be read, is broken, or cannot be written, and tells of it', async () => {
    const failures: string[] = [];
    const snapshots: Snapshots = {
      load: (stream) =>
        stream === TALLY
          ? Promise.reject(new Error('the table is gone'))
          : Promise.resolve({ revision: 9, state: null, commands: [], first: null }),
      save: () => Promise.reject(new Error('the disk is full')),
    };
    const told = new Promise<void>((resolve) => {
      void grow(
        {
          snapshots,
          onSnapshotFailure: (_, error) => {
            failures.push((error as Error).message);
            if (failures.length === 2) resolve();
          },
        },
        ids(0, 6),
      );
    });
    await told;
    expect(failures).to.deep.equal(['the table is gone', 'the disk is full']);
    const { executor } = await grow({ snapshots }, []);
    expect(await executor.load(endless, 'tally-broken')).to.deep.include({ state: 0, revision: -1 });
  });

  it('keeps none for aggregates that have none', async () => {
    const memory = memorySnapshots();
    const { snapshot: _, ...plain } = endless;
    const executor = createExecutor({
      eventStore: scriptedStore(),
      snapshots: memory.snapshots,
      snapshotRules: { longerThan: 0, every: 1 },
      random: () => 0,
    });
    await executor.execute(plain, TALLY, { type: 'Add', label: 'x' }, context('c'));
    await new Promise(setImmediate);
    expect(memory.saves).to.deep.equal([]);
  });

  it('reads the stream itself where the snapshot is ahead of a store that was put back', async () => {
    const memory = memorySnapshots();
    const written = memory.next();
    const { store } = await grow({ snapshots: memory.snapshots }, ids(0, 6));
    await written;
    store.truncate(TALLY, 2);
    const { executor } = await grow(
      { snapshots: memory.snapshots, conflictRetries: { retries: 1, baseMs: 0, maxMs: 0 } },
      [],
      store,
    );
    const done = await executor.execute(endless, TALLY, { type: 'Add', label: 'x' }, context('new'));
    expect(done).to.have.nested.property('right.revision', 2);
    expect(done).to.have.nested.property('right.state', 3);
  });
});
