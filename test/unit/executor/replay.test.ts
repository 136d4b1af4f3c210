import { expect } from 'chai';
import { stateAtRevision, stateAtTime, timeline } from '../../../src/commands/replay/index.js';
import { failure, harness } from './harness.js';
import { scriptedStore } from './scriptedStore.js';
import { TALLY, tally } from './tally.js';

const at = (second: number): string => `2026-01-01T10:00:0${second}.000Z`;

/** A stream with events at seconds 1, 2 and 4. */
async function history() {
  const { store, execute } = harness();
  await execute({ type: 'Add', label: 'a' }, 'first', { at: at(1), causationId: 'cause' });
  await execute({ type: 'Add', label: 'b' }, 'second', { at: at(2) });
  await execute({ type: 'Add', label: 'c' }, 'third', { at: at(4) });
  return store;
}

describe('replay', () => {
  it('lists the whole history of a stream as it was stored', async () => {
    const items = await timeline(await history(), TALLY);
    expect(items.map(({ revision, at: when }) => [revision, when])).to.deep.equal([
      [0, at(1)],
      [1, at(2)],
      [2, at(4)],
    ]);
    expect(items[0]).to.deep.equal({
      revision: 0,
      type: 'Added',
      at: at(1),
      actor: { kind: 'admin', id: 'admin/local' },
      commandId: 'first',
      correlationId: 'correlation',
      causationId: 'cause',
      data: { by: 1, label: 'a' },
    });
  });

  it('knows an empty history', async () => {
    expect(await timeline(scriptedStore(), TALLY)).to.deep.equal([]);
  });

  it('shows the state as of any revision, and none beyond the last', async () => {
    const store = await history();
    expect(await stateAtRevision(store, tally, TALLY, 1)).to.deep.equal({
      revision: 1,
      state: { total: 2, labels: ['a', 'b'] },
    });
    for (const revision of [3, -1, 0.5, Number.NaN]) {
      expect(await stateAtRevision(store, tally, TALLY, revision)).to.equal(undefined);
    }
  });

  it('shows the state as of any time', async () => {
    const store = await history();
    const revisionAt = async (when: string): Promise<number> =>
      (await stateAtTime(store, tally, TALLY, Date.parse(when))).revision;
    expect(await revisionAt(at(0))).to.equal(-1);
    expect(await revisionAt(at(1))).to.equal(0);
    expect(await revisionAt(at(3))).to.equal(1);
    expect(await revisionAt(at(9))).to.equal(2);
  });

  it('names the event that it cannot read', async () => {
    const store = await history();
    await store.append(TALLY, [{ id: 'x', type: 'Subtracted', data: {}, metadata: { v: 1 } }], 2);
    const error = await failure(timeline(store, TALLY));
    expect(error).to.deep.include({ name: 'UnreadableEvent', stream: TALLY, revision: 3 });
    expect(error).not.to.have.property('isSystemFault');
    expect(await failure(stateAtTime(store, tally, TALLY, Date.now()))).to.have.property('name', 'UnreadableEvent');
  });
});
