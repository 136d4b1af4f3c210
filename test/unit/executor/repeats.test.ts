import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import type { Aggregate } from '../../../src/domain/kernel/aggregate.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { RECENT_COMMANDS } from '../../../src/commands/executor/streamState.js';
import { harness, right } from './harness.js';
import { scriptedStore } from './scriptedStore.js';
import { added, context, TALLY, tally, type TallyCommand, type TallyEvent } from './tally.js';

/** A tally without a limit and with a state that does not grow, for long streams. */
const endless: Aggregate<number, TallyCommand, TallyEvent, never> = {
  ...tally,
  initial: 0,
  decide: () => E.right([added('x')]),
  evolve: (total, { data }) => total + data.by,
  snapshot: { toJson: (state) => state, fromJson: Number },
};

describe('executor, point 3: a repeated command is answered as the first time', () => {
  it('answers with the revision, the position and the state of the first time, and writes nothing', async () => {
    const { store, execute } = harness();
    const first = right(await execute({ type: 'Add', label: 'a', times: 2 }, 'a'));
    const again = right(await execute({ type: 'Add', label: 'a', times: 2 }, 'a'));
    expect(again).to.deep.equal({ ...first, events: [], repeated: true });
    expect(store.events(TALLY)).to.have.length(2);
  });

  it('goes back to the state of the first time where the stream went on', async () => {
    const { execute } = harness();
    await execute({ type: 'Add', label: 'a' }, 'a');
    await execute({ type: 'Add', label: 'b' }, 'b');
    await execute({ type: 'Add', label: 'c' }, 'c');
    const again = right(await execute({ type: 'Add', label: 'b' }, 'b'));
    expect(again).to.deep.include({ revision: 1, repeated: true, state: { total: 2, labels: ['a', 'b'] } });
  });

  it('knows a command that another process carried out, once it has read it', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a' }, 'a');
    store.othersAppend(TALLY, 'theirs');
    const done = right(await execute({ type: 'Add', label: 'mine' }, 'theirs'));
    expect(done).to.deep.include({ revision: 1, repeated: true });
    expect(store.events(TALLY)).to.have.length(2);
  });

  it('carries a command out once when it comes twice in one batch', async () => {
    const { store, execute } = harness();
    const answers = await Promise.all([
      execute({ type: 'Add', label: 'x' }, 'x'),
      execute({ type: 'Add', label: 'a' }, 'a'),
      execute({ type: 'Add', label: 'b' }, 'b'),
      execute({ type: 'Add', label: 'a' }, 'a'),
    ]);
    expect(answers.map((answer) => [right(answer).revision, right(answer).repeated])).to.deep.equal([
      [0, false],
      [1, false],
      [2, false],
      [1, true],
    ]);
    expect(right(answers[3]).state).to.deep.equal(right(answers[1]).state);
    expect(store.events(TALLY)).to.have.length(3);
  });

  it('answers a repeat before it looks at If-Match', async () => {
    const { execute } = harness();
    await execute({ type: 'Add', label: 'a' }, 'a', { ifMatch: -1 });
    expect(right(await execute({ type: 'Add', label: 'a' }, 'a', { ifMatch: -1 })).repeated).to.equal(true);
  });

  it(`knows the last ${RECENT_COMMANDS} commands of a stream, also after a restart`, async () => {
    const store = scriptedStore();
    const live = createExecutor({ eventStore: store, random: () => 0 });
    const total = RECENT_COMMANDS + 10;
    for (let n = 0; n < total; n++) {
      await live.execute(endless, TALLY, { type: 'Add', label: 'x' }, context(`command ${n}`));
    }
    const restarted = createExecutor({ eventStore: store, random: () => 0 });
    for (const executor of [live, restarted]) {
      const oldest = total - RECENT_COMMANDS;
      const again = await executor.execute(endless, TALLY, { type: 'Add', label: 'x' }, context(`command ${oldest}`));
      expect(again).to.have.nested.property('right.repeated', true);
      expect(again).to.have.nested.property('right.revision', oldest);
      expect(again).to.have.nested.property('right.state', oldest + 1);
    }
    expect(store.events(TALLY)).to.have.length(total);
  });
});
