import { expect } from 'chai';
import { askedTogether } from '../../../src/subscriptions/askedTogether.js';

describe('questions that are asked together', () => {
  it('share a statement when they are asked in the same turn, and each gets its own answer', async () => {
    const statements: (readonly string[])[] = [];
    const isOdd = askedTogether((names) => {
      statements.push(names);
      return Promise.resolve(new Set(names.filter((name) => Number(name) % 2 === 1)));
    });
    expect(await Promise.all([isOdd('1'), isOdd('2'), isOdd('3')])).to.deep.equal([true, false, true]);
    expect(await isOdd('4')).to.equal(false);
    expect(statements).to.deep.equal([['1', '2', '3'], ['4']]);
  });

  it('wait for no answer to an earlier one', async () => {
    let answer: (yes: ReadonlySet<string>) => void = () => undefined;
    const asked: string[] = [];
    const ask = askedTogether((names) => {
      asked.push(...names);
      return names.includes('slow') ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(new Set(names));
    });
    const slow = ask('slow');
    await new Promise((resolve) => setImmediate(resolve));
    expect(await ask('quick')).to.equal(true);
    answer(new Set());
    expect(await slow).to.equal(false);
    expect(asked).to.deep.equal(['slow', 'quick']);
  });

  it('all fail when the statement fails, and the next one is another', async () => {
    let down = true;
    const ask = askedTogether((names) =>
      down ? Promise.reject(new Error('the database is down')) : Promise.resolve(new Set(names)),
    );
    const answers = await Promise.allSettled([ask('a'), ask('b')]);
    expect(answers.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected']);
    down = false;
    expect(await ask('a')).to.equal(true);
  });
});
