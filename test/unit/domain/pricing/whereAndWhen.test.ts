import { expect } from 'chai';
import { price } from '../../../../src/domain/pricing/index.js';
import { eur, mainLocation } from '../../../support/fixtures.js';
import { catalogue, offerOf, priced, refused, wanted } from './offered.js';

describe('what costs something else at a location', () => {
  it('costs that there, with what is chosen, and what it costs elsewhere in other places', () => {
    const { locationId } = mainLocation();
    const extra = { id: 'milk', name: 'Milk', min: 0, max: 1, choices: [{ id: 'oat', name: 'Oat', price: eur(40) }] };
    const menu = catalogue(
      offerOf('tea', 250, { options: [extra], locationPrices: [{ locationId, price: eur(310) }] }),
    );
    const lines = wanted(['tea', 2]).map((line) => ({ ...line, options: [{ option: 'milk', choice: 'oat' }] }));
    const at = (change: Parameters<typeof mainLocation>[0]) => priced(price(lines, menu, mainLocation(change)));
    expect([at({}).lines[0]?.unitPrice, at({}).total]).to.deep.equal([eur(350), eur(700)]);
    expect(at({ locationId: 'harbour' as typeof locationId }).total).to.deep.equal(eur(580));
  });
});

describe('what is to be had in some ways only', () => {
  const menu = catalogue(offerOf('tea', 250), offerOf('tartare', 1900, { modes: ['dine_in', 'pickup'] }));
  const asked = (mode?: 'dine_in' | 'delivery') =>
    price(wanted(['tea', 1], ['tartare', 1]), menu, mainLocation(), mode === undefined ? {} : { mode });
  it('has no price in the others', () => {
    expect(refused(asked('delivery'))).to.deep.equal({
      _tag: 'OfferUnavailable',
      items: [{ sku: 'tartare', why: 'not_in_this_mode' }],
    });
    expect(priced(asked('dine_in')).total).to.deep.equal(eur(2150));
    expect(priced(asked()).total).to.deep.equal(eur(2150));
  });
});

describe('what is sold out', () => {
  const at = '2026-05-04T12:00:00.000Z';
  const until = '2026-05-04T20:00:00.000Z';
  const soldOut = catalogue(
    offerOf('tea', 250),
    offerOf('cake', 333, { suspensions: [{ reason: 'sold out', locationId: mainLocation().locationId, until }] }),
  );
  it('has no price as long as it is, and says until when', () => {
    expect(refused(price(wanted(['tea', 1], ['cake', 1]), soldOut, mainLocation(), { at }))).to.deep.equal({
      _tag: 'OfferUnavailable',
      items: [{ sku: 'cake', why: 'suspended', until }],
    });
    expect(priced(price(wanted(['cake', 1]), soldOut, mainLocation(), { at: until })).total).to.deep.equal(eur(333));
  });
});
