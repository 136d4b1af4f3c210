import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import type { OfferView } from '../../../src/domain/offer/index.js';
import { price } from '../../../src/domain/pricing/index.js';
import { eur, idOf, mainLocation, sku } from '../../support/fixtures.js';

const basket = fc.array(fc.record({ cost: fc.nat({ max: 2_000 }), qty: fc.integer({ min: 1, max: 40 }) }), {
  minLength: 1,
  maxLength: 100,
});
const terms = fc.record({ taxRateBp: fc.nat({ max: 3_000 }), taxInclusive: fc.boolean() });

describe('a price, whatever is bought and taxed', () => {
  it('is the sum of its rounded parts', () => {
    fc.assert(
      fc.property(basket, terms, (items, { taxRateBp, taxInclusive }) => {
        const offers = new Map(
          items.map(({ cost }, n): [OfferView['sku'], OfferView] => [
            sku(`sku-${n}`),
            {
              sku: sku(`sku-${n}`),
              name: `Thing ${n}`,
              price: eur(cost),
              trackStock: true,
              status: 'on_sale',
              revision: 0,
            },
          ]),
        );
        const lines = items.map(({ qty }, n) => ({ lineId: idOf('line', n), sku: sku(`sku-${n}`), qty }));
        const result = price(lines, offers, mainLocation({ taxRateBp, taxInclusive }));
        if (E.isLeft(result)) throw new Error(JSON.stringify(result.left));
        const { right: priced } = result;
        // each line's tax is the nearest whole one, and no cent of it gets lost on the way to the sums
        const base = taxInclusive ? 10_000 + taxRateBp : 10_000;
        for (const line of priced.lines) {
          expect(2 * Math.abs(line.tax.amount * base - line.net.amount * taxRateBp)).to.be.at.most(base);
        }
        const net = priced.lines.reduce((sum, line) => sum + line.net.amount, 0);
        const tax = priced.lines.reduce((sum, line) => sum + line.tax.amount, 0);
        expect(net).to.equal(items.reduce((sum, { cost, qty }) => sum + cost * qty, 0));
        expect(priced.total.amount).to.equal(taxInclusive ? net : net + tax);
        expect(priced.tax.map(({ base, amount }) => [base.amount + amount.amount, amount.amount])).to.deep.equal([
          [priced.total.amount, tax],
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
