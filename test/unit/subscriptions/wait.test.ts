import { expect } from 'chai';
import { Changes } from '../../../src/subscriptions/wait.js';

/** Which of these have resolved by now. */
async function resolved(waits: Readonly<Record<string, Promise<void>>>): Promise<readonly string[]> {
  const done: string[] = [];
  for (const [name, wait] of Object.entries(waits)) void wait.then(() => done.push(name));
  await new Promise((resolve) => setImmediate(resolve));
  return done;
}

describe('waiting for changes', () => {
  it('ends for everybody at the next change, and for whoever waits again at the one after it', async () => {
    const changes = new Changes();
    const { signal } = new AbortController();
    const first = { a: changes.next(signal), b: changes.next(signal), c: changes.next() };
    changes.announce();
    expect(await resolved(first)).to.have.members(['a', 'b', 'c']);
    const second = { a: changes.next(signal) };
    expect(await resolved(second)).to.deep.equal([]);
    changes.announce();
    expect(await resolved(second)).to.deep.equal(['a']);
  });

  it('ends when its own signal aborts, and at once where it has aborted', async () => {
    const changes = new Changes();
    const [one, other] = [new AbortController(), new AbortController()];
    const waits = { a: changes.next(one.signal), b: changes.next(one.signal), c: changes.next(other.signal) };
    one.abort();
    expect(await resolved(waits)).to.have.members(['a', 'b']);
    expect(await resolved({ a: changes.next(one.signal) })).to.deep.equal(['a']);
    expect(await resolved({ c: waits.c })).to.deep.equal([]);
    other.abort();
    expect(await resolved({ c: waits.c })).to.deep.equal(['c']);
  });

  it('ends after its time', async () => {
    await new Changes().next(undefined, 1);
  });

  it('listens once to a signal, however often somebody waits with it', () => {
    const changes = new Changes();
    const { signal } = new AbortController();
    let listeners = 0;
    const add = signal.addEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listeners += 1;
      add(...args);
    };
    for (let wait = 0; wait < 10; wait += 1) {
      void changes.next(signal);
      changes.announce();
    }
    expect(listeners).to.equal(1);
  });
});
