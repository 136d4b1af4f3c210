import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { exponentOf, majorUnits } from '../../../../src/domain/kernel/currency.js';
import { add, fraction, MoneyCodec, multiply, spread, subtract, sum } from '../../../../src/domain/kernel/money.js';
import { eur } from '../../../support/fixtures.js';

const usd = { amount: 1, currency: 'USD' };
const amounts = (parts: readonly { readonly amount: number }[]): number[] => parts.map(({ amount }) => amount);

describe('money', () => {
  it('of two currencies is never reckoned together', () => {
    expect(() => add(eur(1), usd)).to.throw(RangeError, 'EUR and USD');
    expect(() => subtract(eur(1), usd)).to.throw(RangeError, 'EUR and USD');
    expect(() => sum([eur(1), usd], 'EUR')).to.throw(RangeError);
  });

  it('beyond the safe integers is an error, not a rounded amount', () => {
    expect(() => add(eur(Number.MAX_SAFE_INTEGER), eur(1))).to.throw(RangeError);
    expect(() => multiply(eur(Number.MAX_SAFE_INTEGER), 2)).to.throw(RangeError);
    expect(() => fraction(eur(Number.MAX_SAFE_INTEGER), 2, 1)).to.throw(RangeError);
  });

  it('rounds half away from zero, on both sides of it', () => {
    expect(amounts([5, 15, 25, -5, -15, 4, -4].map((amount) => fraction(eur(amount), 1, 10)))).to.deep.equal([
      1, 2, 3, -1, -2, 0, 0,
    ]);
  });

  it('is exact where a product would lose its last digits as a number', () => {
    expect(fraction(eur(9_007_199_254_740_991), 10_000, 10_000).amount).to.equal(9_007_199_254_740_991);
  });
});

describe('money that comes from outside', () => {
  it('is read as whole minor units of a currency, and nothing besides', () => {
    expect(MoneyCodec.decode({ amount: -5, currency: 'EUR', more: 1 })).to.deep.equal(E.right(eur(-5)));
    expect(MoneyCodec.encode(eur(5))).to.deep.equal({ amount: 5, currency: 'EUR' });
  });

  for (const value of [
    null,
    5,
    { amount: 0.5, currency: 'EUR' },
    { amount: '5', currency: 'EUR' },
    { amount: 2 ** 53, currency: 'EUR' },
    { amount: 5, currency: 'eur' },
    { amount: 5, currency: ['EUR'] },
    { amount: 5 },
  ]) {
    it(`is not ${JSON.stringify(value)}`, () => {
      expect(E.isLeft(MoneyCodec.decode(value))).to.equal(true);
      expect(MoneyCodec.is(value)).to.equal(false);
    });
  }
});

describe('spreading an amount', () => {
  it('gives the odd cents to the largest remainders, of equal ones to the first', () => {
    expect(amounts(spread(eur(100), [1, 1, 1]))).to.deep.equal([34, 33, 33]);
    expect(amounts(spread(eur(100), [1, 2, 3]))).to.deep.equal([17, 33, 50]);
    expect(amounts(spread(eur(2), [1, 1, 1, 1]))).to.deep.equal([1, 1, 0, 0]);
  });

  it('spreads a debt like a credit', () => {
    expect(amounts(spread(eur(-100), [1, 1, 1]))).to.deep.equal([-34, -33, -33]);
  });

  it('gives nothing to a part without weight, and equal parts where none has any', () => {
    expect(amounts(spread(eur(10), [0, 3]))).to.deep.equal([0, 10]);
    expect(amounts(spread(eur(3), [0, 0]))).to.deep.equal([2, 1]);
  });

  it('needs parts, and weights that are whole', () => {
    expect(() => spread(eur(1), [])).to.throw(RangeError);
    expect(() => spread(eur(1), [-1])).to.throw(RangeError);
    expect(() => spread(eur(1), [2, -1])).to.throw(RangeError);
    expect(() => spread(eur(1), [0.5])).to.throw(RangeError);
  });
});

describe('a currency', () => {
  it('has as many decimal places as ISO 4217 says', () => {
    expect(['EUR', 'GBP', 'JPY', 'KWD', 'CLF'].map(exponentOf)).to.deep.equal([2, 2, 0, 3, 4]);
    expect(majorUnits(5, 'JPY')).to.equal(5);
    expect(majorUnits(5, 'KWD')).to.equal(5000);
  });
});
