import { expect } from 'chai';
import { fresh, harness, left, right } from './harness.js';
import { LIMIT, TALLY, tally } from './tally.js';

describe('executor, point 2: no answer rests on memory alone', () => {
  it('writes nothing for a command that is true already, and answers with the revision it rests on', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a', by: 5 }, 'a');
    const done = right(await execute({ type: 'RaiseTo', total: 3, label: 'b' }, 'b'));
    expect(done).to.deep.equal({
      revision: 0,
      position: null,
      state: { total: 5, labels: ['a'] },
      events: [],
      repeated: false,
    });
    expect(store.events(TALLY)).to.have.length(1);
  });

  it('reads the tail before it repeats a refusal from memory', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a', by: LIMIT }, 'a');
    store.calls.length = 0;
    expect(left(await execute({ type: 'Add', label: 'b' }, 'b'))).to.deep.equal({ _tag: 'TooMuch', total: LIMIT });
    expect(store.calls).to.deep.equal(['tail']);
  });

  it('takes a no-op again after another process made it untrue or true', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a', by: 5 }, 'a');
    store.othersAppend(TALLY, 'other');
    const done = right(await execute({ type: 'RaiseTo', total: 5, label: 'b' }, 'b'));
    expect(done).to.deep.include({ revision: 1, state: { total: 6, labels: ['a', 'other other'] } });
  });

  it('takes a stale If-Match again after a read, and then grants it', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a' }, 'a');
    store.othersAppend(TALLY, 'other');
    const done = right(await execute({ type: 'Add', label: 'b' }, 'b', { ifMatch: 1 }));
    expect(done.revision).to.equal(2);
  });

  it('never retries into a revision that the caller has not seen', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a' }, 'a');
    store.othersAppend(TALLY, 'other');
    const answer = await execute({ type: 'Add', label: 'b' }, 'b', { ifMatch: 0 });
    expect(left(answer)).to.deep.equal({ _tag: 'RevisionMismatch', current: 1 });
    expect(store.events(TALLY)).to.have.length(2);
  });

  it('reads the tail once for all refusals of a batch', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a', by: LIMIT }, 'a');
    const lead = execute({ type: 'Add', label: 'lead' }, 'lead');
    store.calls.length = 0;
    const rest = await Promise.all(['b', 'c', 'd'].map((label) => execute({ type: 'Add', label }, label)));
    expect([left(await lead)._tag, ...rest.map((answer) => left(answer)._tag)]).to.deep.equal(
      Array.from({ length: 4 }, () => 'TooMuch'),
    );
    expect(store.calls.filter((call) => call === 'tail').length).to.be.lessThan(3);
  });

  it('needs no read where events beside the refusal are appended: the expected revision proves the memory', async () => {
    const { store, execute } = harness();
    await execute({ type: 'Add', label: 'a', by: 5 }, 'a');
    const lead = execute({ type: 'Add', label: 'lead' }, 'lead');
    const answers = await Promise.all([
      execute({ type: 'Add', label: 'b', by: 9 }, 'b'),
      execute({ type: 'Add', label: 'c' }, 'c'),
    ]);
    await lead;
    expect(left(answers[0])).to.deep.equal({ _tag: 'TooMuch', total: 6 });
    expect(right(answers[1]).revision).to.equal(2);
    expect(store.calls).not.to.include('tail');
  });

  it('reads a stream before it refuses its creation', async () => {
    const { store, execute } = harness();
    const answer = await execute({ type: 'Add', label: 'a', by: 11 }, fresh('a'), { creates: true });
    expect(left(answer)).to.deep.equal({ _tag: 'TooMuch', total: 0 });
    expect(store.calls).to.deep.equal(['read']);
  });

  it('loads from memory, and from the store where it is asked to', async () => {
    const { store, execute, executor } = harness();
    await execute({ type: 'Add', label: 'a' }, 'a', { keyHash: 'key', bodyHash: 'body' });
    store.othersAppend(TALLY, 'other');
    store.calls.length = 0;
    expect(await executor.load(tally, TALLY)).to.deep.include({ revision: 0 });
    expect(store.calls).to.deep.equal([]);
    const loaded = await executor.load(tally, TALLY, { fresh: true });
    expect(loaded).to.deep.include({ revision: 1, state: { total: 2, labels: ['a', 'other other'] } });
    expect(loaded.first).to.deep.equal({
      commandId: 'a',
      keyHash: 'key',
      bodyHash: 'body',
      actor: { kind: 'admin', id: 'admin/local' },
    });
    expect(await executor.load(tally, TALLY)).to.deep.include({ revision: 1 });
  });

  it('loads a missing stream as the initial state at revision -1', async () => {
    const { executor } = harness();
    expect(await executor.load(tally, 'tally-missing')).to.deep.equal({
      state: tally.initial,
      revision: -1,
      first: null,
    });
  });

  it('forgets the least recently used stream when memory is full, and reads it again', async () => {
    const { store, execute } = harness({ cache: { streams: 2, events: 1_000 } });
    for (const id of ['1', '2', '3']) await execute({ type: 'Add', label: id }, id, {}, `tally-${id}`);
    store.calls.length = 0;
    expect(right(await execute({ type: 'Add', label: 'b' }, 'b', {}, 'tally-3')).revision).to.equal(1);
    expect(store.calls).to.deep.equal(['append']);
    expect(right(await execute({ type: 'Add', label: 'c' }, 'c', {}, 'tally-1')).revision).to.equal(1);
    expect(store.calls).to.deep.equal(['append', 'read', 'append']);
  });
});
