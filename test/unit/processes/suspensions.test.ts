import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { offer, type OfferEvent } from '../../../src/domain/offer/index.js';
import type { ExistingOrder } from '../../../src/domain/order/index.js';
import { toldOf } from '../../../src/processes/suspensions.js';
import { at, eur, main, sku } from '../../support/fixtures.js';

const cake = sku('cake');
const onSale: readonly OfferEvent[] = [
  { type: 'OfferDrafted', data: { sku: cake, name: 'Cake', trackStock: false, taxClass: 'standard' } },
  { type: 'PriceSet', data: { price: eur(500), validFrom: at } },
  { type: 'OfferPublished', data: {} },
];
const suspended: OfferEvent = { type: 'OfferSuspended', data: { reason: 'sold out' } };
const resumed: OfferEvent = { type: 'OfferResumed', data: {} };
const dearer: OfferEvent = { type: 'PriceSet', data: { price: eur(600), validFrom: at } };

/** Whether an order that was held for the cake at these revisions of it need not be held for it now. */
async function told(since: readonly OfferEvent[], heldAt: readonly number[] = []): Promise<boolean> {
  const history = [...onSale, ...since];
  const revision = history.length - 1;
  const now = fold(offer, offer.initial, history);
  if (now.status === 'none') throw new Error('it was drafted');
  const soldOut = heldAt.map((one) => ({ sku: cake, revision: one }));
  const its = { details: { locationId: main }, promisedAt: undefined, soldOut } as unknown as ExistingOrder;
  return toldOf(its, { sku: cake, now, revision }, at, (one) =>
    Promise.resolve(fold(offer, offer.initial, history.slice(0, one + 1))),
  );
}

describe('whether somebody was asked what becomes of an order without an article', () => {
  it('nobody was where it is suspended and the order was never held for it', async () => {
    expect(await told([suspended])).to.equal(false);
  });

  it('nobody need be where it is to be had', async () => {
    expect(await told([])).to.equal(true);
    expect(await told([suspended, resumed])).to.equal(true);
  });

  it('somebody was where the order was held for this suspension, whatever became of the offer meanwhile', async () => {
    expect(await told([suspended], [3])).to.equal(true);
    expect(await told([suspended, dearer, suspended], [3])).to.equal(true);
  });

  it('nobody was where it was to be had in between, and is suspended anew', async () => {
    expect(await told([suspended, resumed, suspended], [3])).to.equal(false);
    expect(await told([suspended, resumed, suspended], [3, 5])).to.equal(true);
  });
});
