import { expect } from 'chai';
import { readTogether } from '../../../src/projections/readTogether.js';

/** A table of squares that answers each statement when it is told to. */
function squares() {
  const statements: { readonly keys: readonly number[]; readonly answer: () => void; readonly fail: () => void }[] = [];
  const read = readTogether<number, number>(
    (keys) =>
      new Promise((resolve, reject) => {
        const rows = new Map(keys.filter((key) => key >= 0).map((key) => [key, key * key]));
        statements.push({ keys, answer: () => resolve(rows), fail: () => reject(new Error('down')) });
      }),
  );
  return { read, statements };
}

const turn = (): Promise<void> => new Promise((resume) => setImmediate(resume));

describe('reading single things together', () => {
  it('asks for what is wanted in one turn in one statement, each thing once', async () => {
    const { read, statements } = squares();
    const found = Promise.all([read(2), read(3), read(2)]);
    await turn();
    expect(statements.map(({ keys }) => keys)).to.deep.equal([[2, 3]]);
    statements[0]?.answer();
    expect(await found).to.deep.equal([4, 9, 4]);
  });

  it('gathers what is wanted while a statement is under way, and answers it from a later one, never from an older', async () => {
    const { read, statements } = squares();
    const first = read(2);
    await turn();
    const second = Promise.all([read(2), read(5)]);
    await turn();
    expect(statements).to.have.length(1);
    statements[0]?.answer();
    expect(await first).to.equal(4);
    await turn();
    expect(statements[1]?.keys).to.deep.equal([2, 5]);
    statements[1]?.answer();
    expect(await second).to.deep.equal([4, 25]);
  });

  it('finds nothing where there is nothing', async () => {
    const { read, statements } = squares();
    const found = read(-1);
    await turn();
    statements[0]?.answer();
    expect(await found).to.equal(undefined);
  });

  it('fails the reads of a statement that fails, and no others', async () => {
    const { read, statements } = squares();
    const first = read(2).catch((error: unknown) => String(error));
    await turn();
    const second = read(3);
    statements[0]?.fail();
    expect(await first).to.equal('Error: down');
    await turn();
    statements[1]?.answer();
    expect(await second).to.equal(9);
  });
});
