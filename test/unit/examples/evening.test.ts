import { expect } from 'chai';
import { type Entry, tableOf, whatIsWrong } from '../../../examples/evening/books.js';
import type { Order } from '../../../examples/evening/orders.js';
import { type Plan, planOf } from '../../../examples/evening/plan.js';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const plan: Plan = { number: 7, mode: 'pickup', story: 'one unit less', lines: [{ sku: 'minestrone', quantity: 2 }] };
const order: Order = {
  id: 'ord_1',
  number: 'ABCD-EFGH-JKMN-7',
  status: 'fulfilled',
  revision: 12,
  lines: [{ lineId: 'lin_1', sku: 'minestrone', quantity: 2, net: eur(1040) }],
  deliveryFee: eur(150),
  tip: eur(50),
  total: eur(1240),
  due: eur(620),
  payment: { status: 'paid', captured: eur(1240) },
  fulfilment: { status: 'fulfilled' },
  refunds: { status: 'partial', due: eur(620), refunded: eur(620) },
};
const entry = (change: Partial<Entry> = {}): Entry => ({ plan, order, charged: 1240, returned: 620, ...change });

describe('the evening', () => {
  it('has a hundred orders, in all five ways, the same ones for the same seed', () => {
    const plans = planOf(1);
    expect(plans).to.have.length(100);
    expect(new Set(plans.map(({ mode }) => mode))).to.have.property('size', 5);
    expect(planOf(1)).to.deep.equal(plans);
    expect(planOf(2)).not.to.deep.equal(plans);
    expect(plans.every(({ lines }) => lines.length > 0 && lines.every(({ quantity }) => quantity > 0))).to.equal(true);
  });

  it('has as many orders of each story, whatever the seed', () => {
    const stories = (seed: number) =>
      planOf(seed)
        .map(({ story, mode }) => `${story}, ${mode}`)
        .sort();
    expect(stories(1)).to.deep.equal(stories(99));
  });

  it('is tipped by some, and brings things near and far', () => {
    const plans = planOf(1);
    expect(plans.filter(({ tip }) => tip !== undefined).length).to.be.within(20, 80);
    expect(new Set(plans.flatMap(({ postalCode }) => postalCode ?? []))).to.have.property('size', 2);
  });

  it('finds nothing wrong in books that agree', () => {
    expect(whatIsWrong(entry())).to.deep.equal([]);
    expect(tableOf([entry()])).to.match(/all .*€0\.00/);
  });

  it('finds a cent that was charged, given back or kept otherwise than it says', () => {
    expect(whatIsWrong(entry({ charged: 1241 }))).to.have.length(2);
    expect(whatIsWrong(entry({ returned: 619 }))).to.have.length(2);
    expect(whatIsWrong(entry({ order: { ...order, due: eur(621) } }))).to.have.length(1);
    expect(whatIsWrong(entry({ order: { ...order, tip: eur(51) } }))).to.have.length(1);
    // an order that is over keeps nothing
    expect(whatIsWrong(entry({ order: { ...order, status: 'cancelled' } }))).to.have.length(1);
  });
});
