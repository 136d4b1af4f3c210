import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalJson } from '../../../src/domain/kernel/canonicalJson.js';
import {
  trieEntries,
  trieGet,
  trieOf,
  trieRemove,
  trieSet,
  type HashTrie,
  emptyTrie,
} from '../../../src/domain/kernel/hashTrie.js';
import { formatId, isId } from '../../../src/domain/kernel/ids.js';
import { fraction, type Money, spread } from '../../../src/domain/kernel/money.js';
import { formatOrderNumber, isOrderNumber, parseOrderNumber } from '../../../src/domain/kernel/orderNumber.js';
import { categoryOf, stockStream } from '../../../src/domain/kernel/streams.js';
import { main, sku } from '../../support/fixtures.js';
import type { LocationId } from '../../../src/domain/kernel/ids.js';

const money: fc.Arbitrary<Money> = fc.maxSafeInteger().map((amount) => ({ amount, currency: 'EUR' }));
const total = (parts: readonly Money[]): bigint => parts.reduce((sum, { amount }) => sum + BigInt(amount), 0n);

describe('money, whatever the amount', () => {
  const weights = fc.array(fc.nat(), { minLength: 1, maxLength: 40 });

  it('that is spread adds up to the whole', () => {
    fc.assert(
      fc.property(money, weights, (whole, shares) => {
        expect(total(spread(whole, shares))).to.equal(BigInt(whole.amount));
      }),
      { numRuns: 1000 },
    );
  });

  it('that is spread gives each part its share, to less than one unit', () => {
    fc.assert(
      fc.property(
        money,
        weights.filter((shares) => shares.some((share) => share > 0)),
        (whole, shares) => {
          const all = shares.reduce((sum, share) => sum + BigInt(share), 0n);
          spread(whole, shares).forEach((part, index) => {
            const exact = BigInt(whole.amount) * BigInt(shares[index] ?? 0); // times `all`
            const off = BigInt(part.amount) * all - exact;
            expect(off < all && off > -all).to.equal(true);
          });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('times a rate is off by half a unit at most, and its sign is kept', () => {
    fc.assert(
      fc.property(money, fc.nat({ max: 10_000 }), (whole, rate) => {
        const part = BigInt(fraction(whole, rate, 10_000).amount);
        const off = part * 10_000n - BigInt(whole.amount) * BigInt(rate);
        expect(off * 2n <= 10_000n && off * 2n >= -10_000n).to.equal(true);
        expect(fraction({ ...whole, amount: -whole.amount }, rate, 10_000).amount + Number(part)).to.equal(0);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a persistent map, whatever is done to it', () => {
  // few keys, so that they are replaced and removed; two pairs of them share a hash
  const keys = fc.oneof(
    fc.constantFrom('costarring', 'liquid', 'declinate', 'macallums'),
    fc.integer({ min: 0, max: 200 }).map(String),
  );
  const steps = fc.array(fc.record({ key: keys, value: fc.option(fc.integer()) }), { maxLength: 300 });

  it('holds what a plain map holds, and has one shape for the same entries', () => {
    fc.assert(
      fc.property(steps, (changes) => {
        const plain = new Map<string, number>();
        let trie: HashTrie<number> = emptyTrie;
        for (const { key, value } of changes) {
          if (value === null) plain.delete(key);
          else plain.set(key, value);
          trie = value === null ? trieRemove(trie, key) : trieSet(trie, key, value);
          expect(trieGet(trie, key)).to.equal(plain.get(key));
          expect(trie.size).to.equal(plain.size);
        }
        expect(new Map(trieEntries(trie))).to.deep.equal(plain);
        expect(trie).to.deep.equal(trieOf([...plain].reverse()));
      }),
      { numRuns: 200 },
    );
  });
});

describe('an order number, whatever the bytes', () => {
  const bytes = fc.uint8Array({ minLength: 8, maxLength: 32 });

  it('is an order number, also as a person types it', () => {
    fc.assert(
      fc.property(bytes, (some) => {
        const number = formatOrderNumber(some);
        expect(isOrderNumber(number)).to.equal(true);
        expect(parseOrderNumber(number.toLowerCase().replaceAll('-', ' ').replaceAll(' ', ''))).to.equal(number);
      }),
    );
  });

  it('does not survive a wrong symbol or a swap of two neighbours', () => {
    const symbols = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
    fc.assert(
      fc.property(bytes, fc.nat({ max: 11 }), fc.constantFrom(...symbols), (some, place, symbol) => {
        const plain = [...formatOrderNumber(some).replaceAll('-', '')];
        fc.pre(plain[place] !== symbol);
        expect(parseOrderNumber(plain.with(place, symbol).join(''))).to.equal(undefined);
        const [a, b] = [plain[place]!, plain[(place + 1) % 12]!];
        fc.pre(a !== b && place < 11);
        expect(
          parseOrderNumber(
            plain
              .with(place, b)
              .with(place + 1, a)
              .join(''),
          ),
        ).to.equal(undefined);
      }),
      { numRuns: 500 },
    );
  });
});

describe('ids and stream names, whatever they are made of', () => {
  it('an id has one spelling, and two UUIDs never share one', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.uuid(), (one, other) => {
        expect(isId('order', formatId('order', one))).to.equal(true);
        expect(isId('payment', formatId('order', one))).to.equal(false);
        expect(formatId('order', one) === formatId('order', other)).to.equal(one === other);
      }),
    );
  });

  it('two stock items never share a stream, and the category is always the same', () => {
    const name = fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', '_', '-', '.', '%', '$', 'ü') });
    fc.assert(
      fc.property(name, name, name, name, (skuA, placeA, skuB, placeB) => {
        const a = stockStream(sku(skuA), placeA as LocationId);
        const b = stockStream(sku(skuB), placeB as LocationId);
        expect(a === b).to.equal(skuA === skuB && placeA === placeB);
        expect(categoryOf(a)).to.equal('stock');
        expect(a).to.match(/^[\x21-\x7e]+$/);
      }),
    );
    expect(stockStream(sku('a_b'), main)).to.equal('stock-a%5Fb_main');
  });

  it('canonical JSON reads back as what it was, and does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(reversed)).to.equal(canonicalJson(value));
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).to.equal(canonicalJson(value));
      }),
    );
  });
});
