import { expect } from 'chai';
import { startWorkLoop, type WorkLoop, type WorkLoopOptions } from '../../../src/subscriptions/workLoop.js';
import { until } from '../../support/until.js';

describe('a loop over work that waits', () => {
  let loop: WorkLoop | undefined;
  afterEach(() => loop?.stop());

  /** Work on these items; the loop looks by itself only after an hour unless `change` says otherwise. */
  function over(waiting: string[], change: Partial<WorkLoopOptions<string>> = {}) {
    const done: string[] = [];
    const limits: number[] = [];
    const errors: unknown[] = [];
    loop = startWorkLoop<string>({
      claim: (limit) => {
        limits.push(limit);
        return Promise.resolve(waiting.splice(0, limit));
      },
      work: (item) => {
        done.push(item);
        return Promise.resolve();
      },
      untilNextMs: () => Promise.resolve(undefined),
      idleMs: 3_600_000,
      maxInFlight: 2,
      failed: (error) => errors.push(error),
      ...change,
    });
    return { done, limits, errors, loop };
  }

  it('works all that is there, never more at once than allowed', async () => {
    let inFlight = 0;
    let most = 0;
    const waiting = ['a', 'b', 'c', 'd', 'e'];
    const finished: string[] = [];
    over(waiting, {
      work: async (item) => {
        most = Math.max(most, ++inFlight);
        await new Promise((resolve) => setImmediate(resolve));
        inFlight -= 1;
        finished.push(item);
      },
    });
    await until('all is done', () => finished.length === 5);
    expect(finished.sort()).to.deep.equal(['a', 'b', 'c', 'd', 'e']);
    expect(most).to.equal(2);
  });

  it('looks at once when it is woken, even while it looks', async () => {
    const waiting: string[] = [];
    let answer: (items: string[]) => void = () => undefined;
    let looks = 0;
    const { done } = over(waiting, {
      claim: (limit) => {
        looks += 1;
        return looks === 1 ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(waiting.splice(0, limit));
      },
    });
    await until('it looks', () => looks === 1);
    waiting.push('a');
    loop?.wake();
    answer([]);
    await until('it is done', () => done.length === 1);
    waiting.push('b');
    loop?.wake();
    await until('that too', () => done.length === 2);
  });

  it('looks again when the next item is due', async () => {
    const waiting: string[] = [];
    const { done, limits } = over(waiting, { untilNextMs: () => Promise.resolve(1) });
    await until('it has looked once', () => limits.length > 0);
    waiting.push('a');
    await until('it is done', () => done.length === 1);
  });

  it('goes on after a failure to claim or to work, and tells of it', async () => {
    const waiting = ['a', 'b'];
    let broken = true;
    const { errors } = over(waiting, {
      idleMs: 1,
      claim: (limit) => {
        if (!broken) return Promise.resolve(waiting.splice(0, limit));
        broken = false;
        return Promise.reject(new Error('no database'));
      },
      work: (item) => Promise.reject(new Error(`${item} is bad`)),
    });
    await until('all is told', () => errors.length === 3);
    expect(errors.map(String)).to.deep.equal(['Error: no database', 'Error: a is bad', 'Error: b is bad']);
  });

  it('claims nothing more once it is stopped, and waits for what is being worked', async () => {
    const waiting = ['a'];
    let finish = (): void => undefined;
    let started = false;
    const { limits } = over(waiting, {
      work: () =>
        new Promise((resolve) => {
          started = true;
          finish = resolve;
        }),
    });
    await until('it has begun', () => started);
    let ended = false;
    const stopping = loop?.stop().then(() => (ended = true));
    waiting.push('b');
    loop?.wake();
    await new Promise((resolve) => setImmediate(resolve));
    expect(ended).to.equal(false);
    finish();
    await stopping;
    expect(waiting).to.deep.equal(['b']);
    expect(limits.length).to.be.lessThan(3);
  });
});
