import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { canonicalPrice, price } from '../../../../src/domain/pricing/index.js';
import { eur, mainLocation } from '../../../support/fixtures.js';
import { offers, priced, refused, wanted } from './offered.js';

describe('the price of what is brought, with a tip', () => {
  const near = { zone: 'near', postalPrefixes: ['1'], fee: eur(350), freeFrom: eur(3000), minimumOrder: eur(1000) };
  const brought = (qty: number, change: Parameters<typeof mainLocation>[0], conditions: object = {}) =>
    price(wanted(['tea', qty]), offers, mainLocation(change), { mode: 'delivery', zone: near, ...conditions });

  it('holds the fee of the zone, with its tax where prices contain it', () => {
    const location = { taxRateBp: 700, taxRates: [{ taxClass: 'delivery', rateBp: 1900 }], taxInclusive: true };
    const result = priced(brought(4, location));
    expect([result.deliveryFee, result.deliveryTax, result.total]).to.deep.equal([
      eur(350),
      { rateBp: 1900, amount: eur(56) },
      eur(1350),
    ]);
    expect(result.tax).to.deep.equal([
      { rateBp: 700, base: eur(935), amount: eur(65) },
      { rateBp: 1900, base: eur(294), amount: eur(56) },
    ]);
  });

  it('has the tax of the fee on top where prices do not contain it, at the usual rate where none is said', () => {
    const result = priced(brought(4, { taxRateBp: 1900, taxInclusive: false }));
    expect(result.deliveryTax).to.deep.equal({ rateBp: 1900, amount: eur(67) });
    expect(result.tax).to.deep.equal([{ rateBp: 1900, base: eur(1350), amount: eur(190 + 67) }]);
    expect(result.total).to.deep.equal(eur(1350 + 190 + 67));
  });

  it('is brought for nothing from an amount on, and not at all below another', () => {
    const taxed = { taxRateBp: 1900, taxInclusive: true };
    expect(priced(brought(11, taxed)).total).to.deep.equal(eur(2750 + 350));
    const free = priced(brought(12, taxed));
    expect([free.total, free.deliveryFee, free.tax.length]).to.deep.equal([eur(3000), eur(0), 1]);
    expect(free).not.to.have.property('deliveryTax');
    expect(refused(brought(3, taxed))).to.deep.equal({
      _tag: 'OrderBelowMinimum',
      minimum: eur(1000),
      missing: eur(250),
    });
    expect(priced(price(wanted(['tea', 1]), offers, mainLocation(taxed))).total).to.deep.equal(eur(250));
  });

  it('holds a tip, of which nothing is taxed: so much, or a part of what the lines cost', () => {
    const taxed = { taxRateBp: 1900, taxInclusive: false };
    const [tipped, rated, plain] = [{ tip: { amount: eur(123) } }, { tip: { rateBp: 1250 } }, {}].map((conditions) =>
      priced(brought(5, taxed, conditions)),
    );
    if (!tipped || !rated || !plain) throw new Error('no price');
    expect([tipped.tip, tipped.total.amount - plain.total.amount]).to.deep.equal([eur(123), 123]);
    // 156.25 cents of 12.50
    expect([rated.tip, rated.total.amount - plain.total.amount]).to.deep.equal([eur(156), 156]);
    expect(tipped.tax).to.deep.equal(plain.tax);
    expect(canonicalPrice(tipped)).not.to.equal(canonicalPrice(plain));
  });

  it('is in one currency', () => {
    const usd = { amount: 100, currency: 'USD' };
    expect(refused(brought(5, {}, { tip: { amount: usd } }))).to.deep.equal({
      _tag: 'CurrencyMismatch',
      currencies: ['USD', 'EUR'],
      of: 'tip',
    });
    expect(refused(brought(5, {}, { zone: { zone: 'a', postalPrefixes: ['1'], fee: usd } }))).to.deep.equal({
      _tag: 'CurrencyMismatch',
      currencies: ['USD', 'EUR'],
    });
  });

  it('is too much where fee and tip make it so', () => {
    const most = (tip: number) => brought(5, {}, { maximumTotal: 20, tip: { amount: eur(tip) } });
    expect(E.isRight(most(2000 - 1250 - 350))).to.equal(true);
    expect(refused(most(2000 - 1250 - 349))).to.deep.include({ _tag: 'TotalTooLarge' });
  });
});
