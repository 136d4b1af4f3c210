import { expect } from 'chai';
import { AppendOutcomeUnknown, StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import { failure, fresh, harness, right } from './harness.js';
import { TALLY } from './tally.js';

describe('executor, point 5: when the store does not answer', () => {
  it('repeats the identical batch after a lost answer, and never decides twice', async () => {
    const { store, execute } = harness();
    store.script('ackLost');
    const done = right(await execute({ type: 'Add', label: 'a', times: 2 }, fresh('a'), { creates: true }));
    expect(store.calls).to.deep.equal(['append', 'append']);
    expect(store.batches[1]).to.equal(store.batches[0]);
    expect(done).to.deep.include({ revision: 1, repeated: false });
    expect(store.events(TALLY)).to.have.length(2);
  });

  it('repeats the identical batch after a lost request', async () => {
    const { store, execute } = harness();
    store.script('requestLost', 'requestLost');
    expect(right(await execute({ type: 'Add', label: 'a' }, 'a')).revision).to.equal(0);
    expect(store.batches[2]).to.equal(store.batches[0]);
    expect(store.events(TALLY)).to.have.length(1);
  });

  it('goes on where an unanswered append arrives late', async () => {
    const { store, execute } = harness();
    store.script('late');
    expect(right(await execute({ type: 'Add', label: 'a' }, 'a')).revision).to.equal(0);
    expect(store.events(TALLY)).to.have.length(1);
  });

  it('answers a whole batch with StoreUnavailable when its tries are used up, and forgets the stream', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'x' }, 'x');
    store.script('ackLost', 'requestLost', 'requestLost');
    const lead = failure(execute({ type: 'Add', label: 'lead' }, 'lead'));
    expect(await lead).to.be.instanceOf(StoreUnavailable);
    store.calls.length = 0;
    // the lost answer's event is there: the next command must build on it, and its repeat must find it
    expect(right(await execute({ type: 'Add', label: 'b' }, 'b')).revision).to.equal(2);
    expect(store.calls).to.deep.equal(['read', 'append']);
    expect(right(await execute({ type: 'Add', label: 'lead' }, 'lead'))).to.deep.include({
      revision: 1,
      repeated: true,
    });
  });

  it('fails every command of the batch, the refusals that rest on it too', async () => {
    const { store, execute } = harness();
    const first = execute({ type: 'Add', label: 'x' }, 'x');
    const batch = [
      failure(execute({ type: 'Add', label: 'a', by: 9 }, 'a')),
      failure(execute({ type: 'Add', label: 'over' }, 'over')),
      failure(execute({ type: 'RaiseTo', total: 5, label: 'noop' }, 'noop')),
    ];
    store.script('stored', 'requestLost', 'requestLost', 'requestLost');
    await first;
    const errors = await Promise.all(batch);
    expect(errors.every((error) => error instanceof AppendOutcomeUnknown)).to.equal(true);
    expect(store.events(TALLY)).to.have.length(1);
  });

  it('finds its own events after a conflict that an earlier unanswered try caused, and stores nothing twice', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'x' }, 'x');
    // the store forgets nothing, but this one answers a repeat as a conflict, as one does whose memory of ids is short
    const append = store.append.bind(store);
    let asked = 0;
    Object.assign(store, {
      append: async (...[stream, events, expected]: Parameters<typeof append>) => {
        asked += 1;
        if (asked === 1) {
          await append(stream, events, expected);
          throw new AppendOutcomeUnknown('no answer');
        }
        return append(stream, [{ ...events[0]!, id: 'not recognised' }], expected);
      },
    });
    const done = right(await execute({ type: 'Add', label: 'a' }, 'a'));
    expect(done).to.deep.include({ revision: 1, repeated: false, state: { total: 2, labels: ['x', 'a'] } });
    expect(done.events.map(({ event }) => event.data.label)).to.deep.equal(['a']);
    expect(store.events(TALLY)).to.have.length(2);
  });

  /** A command whose append is lost on its way, and what others store before it is tried again. */
  async function lostWhile(others: readonly string[]) {
    let between: () => void = () => undefined;
    const { store, execute } = harness({
      // drawn between two tries
      random: () => {
        between();
        return 0;
      },
    });
    await execute({ type: 'Add', label: 'x' }, 'x');
    store.script('requestLost');
    between = () => {
      between = () => undefined;
      for (const commandId of others) store.othersAppend(TALLY, commandId);
    };
    const done = right(await execute({ type: 'Add', label: 'a' }, 'a'));
    expect(store.events(TALLY)).to.have.length(1 + others.length);
    return done;
  }

  it('does not take for its own what another process stored elsewhere under the same command id', async () => {
    expect(await lostWhile(['other', 'a'])).to.deep.include({ revision: 2, repeated: true, events: [] });
  });

  it('does not take for its own what another process stored in its place under the same command id', async () => {
    const done = await lostWhile(['a']);
    expect(done).to.deep.include({ revision: 1, repeated: true, events: [] });
    expect(done.state.labels).to.deep.equal(['x', 'other a']);
  });

  it('tries again where the store certainly did not take it', async () => {
    const { store, execute } = harness();
    store.script('unavailable');
    expect(right(await execute({ type: 'Add', label: 'a' }, 'a')).revision).to.equal(0);
  });

  it('tries a silent read again, and fails the command when that does not help', async () => {
    const { store, execute } = harness();
    store.failReads(2);
    expect(right(await execute({ type: 'Add', label: 'a' }, 'a')).revision).to.equal(0);
    store.failReads(3);
    const error = await failure(execute({ type: 'Add', label: 'b' }, 'b', {}, 'tally-2'));
    expect(error).to.be.instanceOf(StoreUnavailable);
    expect(right(await execute({ type: 'Add', label: 'b' }, 'b', {}, 'tally-2')).revision).to.equal(0);
  });
});
