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
const terms = fc.record({
  taxRateBp: fc.nat({ max: 3_000 }),
  deliveryRateBp: fc.option(fc.nat({ max: 3_000 })),
  taxInclusive: fc.boolean(),
});
const extras = fc.record({
  fee: fc.option(fc.nat({ max: 900 })),
  freeFrom: fc.option(fc.nat({ max: 50_000 })),
  tip: fc.option(
    fc.oneof(
      fc.nat({ max: 5_000 }).map((amount) => ({ amount: eur(amount) })),
      fc.record({ rateBp: fc.nat({ max: 10_000 }) }),
    ),
  ),
});

describe('a price, whatever is bought and taxed', () => {
  it('is the sum of its rounded parts', () => {
    fc.assert(
      fc.property(
        basket,
        terms,
        extras,
        (items, { taxRateBp, deliveryRateBp, taxInclusive }, { fee, freeFrom, tip }) => {
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
          const taxRates = deliveryRateBp === null ? [] : [{ taxClass: 'delivery', rateBp: deliveryRateBp }];
          const zone = {
            zone: 'here',
            postalPrefixes: ['1'],
            ...(fee === null ? {} : { fee: eur(fee) }),
            ...(freeFrom === null ? {} : { freeFrom: eur(freeFrom) }),
          };
          const result = price(lines, offers, mainLocation({ taxRateBp, taxRates, taxInclusive }), {
            mode: 'delivery',
            zone,
            tip: tip ?? undefined,
          });
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
          const brought = net >= (freeFrom ?? Number.POSITIVE_INFINITY) ? 0 : (fee ?? 0);
          expect(priced.deliveryFee.amount).to.equal(brought);
          const feeTax = priced.deliveryTax?.amount.amount ?? 0;
          const feeRate = deliveryRateBp ?? taxRateBp;
          const feeBase = taxInclusive ? 10_000 + feeRate : 10_000;
          expect(2 * Math.abs(feeTax * feeBase - brought * feeRate)).to.be.at.most(feeBase);
          const given = priced.tip.amount;
          if (tip === null) expect(given).to.equal(0);
          else if ('amount' in tip) expect(given).to.equal(tip.amount.amount);
          else expect(2 * Math.abs(given * 10_000 - net * tip.rateBp)).to.be.at.most(10_000);
          const untipped = priced.total.amount - given;
          expect(untipped).to.equal(taxInclusive ? net + brought : net + tax + brought + feeTax);
          // what the books say of tax is all that is taxed, and nothing else
          const booked = (of: 'base' | 'amount') => priced.tax.reduce((sum, rate) => sum + rate[of].amount, 0);
          expect([booked('base') + booked('amount'), booked('amount')]).to.deep.equal([untipped, tax + feeTax]);
          expect(new Set(priced.tax.map(({ rateBp }) => rateBp))).to.have.property('size', priced.tax.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
