import { expect } from 'chai';
import {
  emptyTrie,
  trieEntries,
  trieGet,
  trieOf,
  trieRemove,
  trieSet,
} from '../../../../src/domain/kernel/hashTrie.js';

/** Pairs that have one FNV-1a hash of 32 bits. */
const COLLISIONS = [
  ['costarring', 'liquid'],
  ['declinate', 'macallums'],
] as const;

describe('a persistent map', () => {
  it('is empty at first', () => {
    expect(emptyTrie.size).to.equal(0);
    expect(trieGet(emptyTrie, 'a')).to.equal(undefined);
    expect([...trieEntries(emptyTrie)]).to.deep.equal([]);
    expect(trieRemove(emptyTrie, 'a')).to.equal(emptyTrie);
  });

  it('never changes what somebody else holds', () => {
    const before = trieOf([['a', 1]]);
    const after = trieRemove(trieSet(before, 'b', 2), 'a');
    expect([...trieEntries(before)]).to.deep.equal([['a', 1]]);
    expect([...trieEntries(after)]).to.deep.equal([['b', 2]]);
  });

  it('tells a value of undefined from no value by its size', () => {
    const map = trieSet(emptyTrie, 'a', undefined);
    expect(map.size).to.equal(1);
    expect(trieSet(map, 'a', undefined).size).to.equal(1);
    expect(trieRemove(map, 'a').size).to.equal(0);
  });

  for (const [a, b] of COLLISIONS) {
    it(`keeps ${a} and ${b} apart, although they have one hash`, () => {
      const both = trieOf([
        [a, 1],
        [b, 2],
      ]);
      expect(both.root?.kind).to.equal('collision');
      const map = trieOf([
        [a, 1],
        ['other', 0],
        [b, 2],
      ]);
      expect([trieGet(map, a), trieGet(map, b), map.size]).to.deep.equal([1, 2, 3]);
      expect(
        trieOf([
          [b, 2],
          [a, 1],
          ['other', 0],
        ]),
      ).to.deep.equal(map);
      expect(trieRemove(map, a)).to.deep.equal(
        trieOf([
          ['other', 0],
          [b, 2],
        ]),
      );
      expect(trieRemove(trieRemove(map, a), b)).to.deep.equal(trieOf([['other', 0]]));
      expect(trieGet(trieSet(map, a, 3), a)).to.equal(3);
    });
  }
});
