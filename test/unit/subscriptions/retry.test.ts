import { expect } from 'chai';
import { retrying } from '../../../src/subscriptions/retry.js';
import { until } from '../../support/until.js';

const quick = { firstDelayMs: 1, maxDelayMs: 2, shouldRetry: () => true, signal: new AbortController().signal };
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no failure',
    (error: unknown) => error,
  );

describe('trying again', () => {
  it('goes on until it succeeds, also after a TypeError and after what is no error at all', async () => {
    const failures: unknown[] = [new TypeError('a'), 'b', new Error('c'), undefined];
    const heard: unknown[] = [];
    const result = await retrying(
      () => (failures.length > 0 ? Promise.reject(failures.shift() as Error) : Promise.resolve('done')),
      { ...quick, onRetry: (error) => heard.push(error) },
    );
    expect(result).to.equal('done');
    expect(heard).to.have.length(4);
  });

  it('rejects with the very error that is not to be tried again, unchanged', async () => {
    const error = Object.freeze(new RangeError('no'));
    const rejected = await failure(retrying(() => Promise.reject(error), { ...quick, shouldRetry: () => false }));
    expect(rejected).to.equal(error);
  });

  it('spreads every delay over all of its bound, also once that has reached its maximum', async () => {
    const { random } = Math;
    Math.random = () => 0;
    try {
      let tries = 0;
      const anHour = { ...quick, firstDelayMs: 3_600_000, maxDelayMs: 3_600_000 };
      await retrying(() => ((tries += 1) < 4 ? Promise.reject(new Error('away')) : Promise.resolve()), anHour);
      expect(tries).to.equal(4);
    } finally {
      Math.random = random;
    }
  });

  it('ends a pause when it is told to, with the last error', async () => {
    const stop = new AbortController();
    const error = new Error('away');
    const trying = failure(
      retrying(() => Promise.reject(error), {
        ...quick,
        firstDelayMs: 3_600_000,
        maxDelayMs: 3_600_000,
        signal: stop.signal,
        onRetry: () => setImmediate(() => stop.abort()),
      }),
    );
    expect(await trying).to.equal(error);
  });

  it('lets a try under way come to its end when it is told to stop, and counts its outcome', async () => {
    for (const outcome of ['succeeds', 'fails'] as const) {
      const stop = new AbortController();
      let end: (() => void) | undefined;
      let settled = false;
      const error = new Error('failed in the end');
      const trying = retrying(
        () =>
          new Promise<string>((resolve, reject) => {
            end = () => (outcome === 'succeeds' ? resolve('done') : reject(error));
          }),
        { ...quick, signal: stop.signal },
      ).catch((rejected: unknown) => rejected);
      void trying.then(() => (settled = true));
      await until('it has begun', () => end !== undefined);
      stop.abort();
      await new Promise((resolve) => setImmediate(resolve));
      expect(settled).to.equal(false);
      end?.();
      expect(await trying).to.equal(outcome === 'succeeds' ? 'done' : error);
    }
  });
});
