import { expect } from 'chai';
import { AppendOutcomeUnknown } from '../../../src/commands/ports/eventStore.js';
import { failure, fresh, harness, left, right } from './harness.js';
import { TALLY } from './tally.js';

describe('executor, point 1: commands for one stream are carried out in batches', () => {
  it('stores an accepted creation with one append and no read at all', async () => {
    const { store, execute } = harness();
    const done = right(await execute({ type: 'Add', label: 'a' }, fresh('a'), { creates: true }));
    expect(store.calls).to.deep.equal(['append']);
    expect(done).to.deep.include({ revision: 0, position: 10n, repeated: false });
    expect(done.state).to.deep.equal({ total: 1, labels: ['a'] });
    expect(done.events.map(({ revision, event }) => [revision, event.type])).to.deep.equal([[0, 'Added']]);
  });

  it('does not trust the hint of a creation for a derived command id, which may have been carried out before', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a' }, '00000000-0000-5000-8000-derived', { creates: true });
    expect(store.calls).to.deep.equal(['read', 'append']);
  });

  it('loads a stream that exists after all, and decides a creation again', async () => {
    const { store, execute } = harness();
    store.othersAppend(TALLY, 'other');
    const done = right(await execute({ type: 'Add', label: 'a' }, fresh('a'), { creates: true }));
    expect(store.calls).to.deep.equal(['append', 'read', 'append']);
    expect(done.revision).to.equal(1);
  });

  it('needs no read before the append of a stream that it knows', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a' }, 'a');
    store.calls.length = 0;
    await execute({ type: 'Add', label: 'b' }, 'b');
    expect(store.calls).to.deep.equal(['append']);
  });

  it('gathers commands while an append is under way and stores them together', async () => {
    const { store, execute } = harness();
    const answers = ['a', 'b', 'c', 'd', 'e'].map((label) => execute({ type: 'Add', label }, label));
    const done = (await Promise.all(answers)).map(right);
    expect(store.calls).to.deep.equal(['read', 'append', 'append']);
    expect(done.map(({ revision }) => revision)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(done.map(({ state }) => state.total)).to.deep.equal([1, 2, 3, 4, 5]);
    expect(done.map(({ events }) => events.map(({ revision }) => revision))).to.deep.equal([[0], [1], [2], [3], [4]]);
  });

  it('gives each command the revision of its own last event', async () => {
    const { execute } = harness();
    const answers = await Promise.all([
      execute({ type: 'Add', label: 'x' }, 'x'),
      execute({ type: 'Add', label: 'a', times: 3 }, 'a'),
      execute({ type: 'Add', label: 'b', times: 2 }, 'b'),
    ]);
    expect(answers.map((answer) => right(answer).revision)).to.deep.equal([0, 3, 5]);
  });

  it('takes at most as many commands into one append as the limit says', async () => {
    const { store, execute } = harness({ maxBatchCommands: 2 });
    await Promise.all(['x', 'a', 'b', 'c'].map((label) => execute({ type: 'Add', label }, label)));
    expect(store.batches.map((batch) => batch.length)).to.deep.equal([1, 2, 1]);
  });

  it('takes at most as many bytes into one append as the limit says, but a lone command whatever its size', async () => {
    const { store, execute } = harness({ maxBatchBytes: 1_000 });
    const long = 'l'.repeat(5_000);
    const answers = ['x', 'a', 'b', long].map((label) => execute({ type: 'Add', label }, label));
    await Promise.all(answers);
    expect(store.batches.map((batch) => batch.length)).to.deep.equal([1, 2, 1]);
    expect(store.events(TALLY)).to.have.length(4);
  });

  it('fails only the command whose decide throws', async () => {
    const { execute } = harness();
    const first = execute({ type: 'Add', label: 'first' }, 'first');
    const before = execute({ type: 'Add', label: 'a' }, 'a');
    const broken = failure(execute({ type: 'Break' }, 'broken'));
    const after = execute({ type: 'Add', label: 'b' }, 'b');
    expect((await broken).message).to.equal('a bug in decide');
    expect([right(await first).revision, right(await before).revision, right(await after).revision]).to.deep.equal([
      0, 1, 2,
    ]);
  });

  it('fails only the command whose events cannot be written as JSON', async () => {
    const { store, execute } = harness();
    const first = execute({ type: 'Add', label: 'first' }, 'first');
    const broken = failure(execute({ type: 'Add', label: 1n as unknown as string }, 'broken'));
    const after = execute({ type: 'Add', label: 'b' }, 'b');
    expect(await broken).to.be.instanceOf(TypeError);
    expect([right(await first).revision, right(await after).revision]).to.deep.equal([0, 1]);
    expect(store.events(TALLY)).to.have.length(2);
  });

  it('compares If-Match with the revision that the commands ahead leave behind', async () => {
    const { execute } = harness();
    const answers = await Promise.all([
      execute({ type: 'Add', label: 'x' }, 'x'),
      execute({ type: 'Add', label: 'a' }, 'a', { ifMatch: 0 }),
      execute({ type: 'Add', label: 'b' }, 'b', { ifMatch: 1 }),
      execute({ type: 'Add', label: 'c' }, 'c', { ifMatch: 1 }),
      execute({ type: 'Add', label: 'd' }, 'd', { ifMatch: 'exists' }),
    ]);
    expect(right(answers[1]).revision).to.equal(1);
    expect(right(answers[2]).revision).to.equal(2);
    expect(left(answers[3])).to.deep.equal({ _tag: 'RevisionMismatch', current: 2 });
    expect(right(answers[4]).revision).to.equal(3);
  });

  it('refuses If-Match: * where there is no stream', async () => {
    const { execute } = harness();
    const answer = await execute({ type: 'Add', label: 'a' }, 'a', { ifMatch: 'exists' });
    expect(left(answer)).to.deep.equal({ _tag: 'RevisionMismatch', current: -1 });
  });

  it('answers a refusal or a no-op that rests on events not yet stored only once they are', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'x' }, 'x');
    const release = store.hold();
    const answered: string[] = [];
    const lead = execute({ type: 'Add', label: 'lead' }, 'lead');
    const commands = [
      execute({ type: 'Add', label: 'fill', by: 8 }, 'fill').then(() => answered.push('fill')),
      execute({ type: 'Add', label: 'over' }, 'over').then((answer) => answered.push(left(answer)._tag)),
      execute({ type: 'RaiseTo', total: 5, label: 'noop' }, 'noop').then((answer) => {
        answered.push(`no-op at ${right(answer).revision}`);
      }),
    ];
    await new Promise(setImmediate);
    expect(answered).to.deep.equal([]);
    release();
    await Promise.all([lead, ...commands]);
    expect(answered).to.deep.equal(['fill', 'TooMuch', 'no-op at 2']);
  });

  it('takes a refusal again where the append that it rests on conflicts', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'x', by: 8 }, 'x');
    store.othersAppend(TALLY, 'other');
    const [first, second] = await Promise.all([
      execute({ type: 'Add', label: 'a', by: 2 }, 'a'),
      execute({ type: 'Add', label: 'b' }, 'b'),
    ]);
    expect(left(first)).to.deep.equal({ _tag: 'TooMuch', total: 9 });
    expect(right(second).state.total).to.equal(10);
  });

  it('turns commands away when too many wait for one stream', async () => {
    const { store, execute } = harness({ maxWaiting: 2 });
    const release = store.hold();
    const waiting = [execute({ type: 'Add', label: 'a' }, 'a'), execute({ type: 'Add', label: 'b' }, 'b')];
    const error = await failure(execute({ type: 'Add', label: 'c' }, 'c'));
    expect(error).to.have.property('name', 'StoreUnavailable');
    expect(error).not.to.be.instanceOf(AppendOutcomeUnknown);
    release();
    await Promise.all(waiting);
    expect(store.events(TALLY)).to.have.length(2);
  });

  it('tells a listener of each append before the answer, and survives its faults', async () => {
    const told: string[] = [];
    const { execute } = harness({
      onCommitted: (stream, revision, events) => {
        told.push(`${stream}@${revision} (${events.length})`);
        throw new Error('a bug in the listener');
      },
    });
    await execute({ type: 'Add', label: 'a', times: 2 }, 'a');
    expect(told).to.deep.equal(['tally-1@1 (2)']);
  });
});
