import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import type { Money } from '../../../../src/domain/kernel/money.js';
import type { OfferView } from '../../../../src/domain/offer/index.js';
import { canonicalPrice, price, type Priced, type PricingRejection } from '../../../../src/domain/pricing/index.js';
import { eur, idOf, mainLocation, sku } from '../../../support/fixtures.js';

const offerOf = (name: string, cost: Money | number, change: Partial<OfferView> = {}): OfferView => ({
  sku: sku(name),
  name: name.toUpperCase(),
  price: typeof cost === 'number' ? eur(cost) : cost,
  trackStock: true,
  status: 'on_sale',
  revision: 2,
  ...change,
});
const catalogue = (...offers: OfferView[]) => new Map(offers.map((offer) => [offer.sku, offer]));
const wanted = (...items: (readonly [string, number])[]) =>
  items.map(([name, qty], index) => ({ lineId: idOf('line', index + 1), sku: sku(name), qty }));

function priced(result: E.Either<PricingRejection, Priced>): Priced {
  if (E.isLeft(result)) throw new Error(`no price: ${JSON.stringify(result.left)}`);
  return result.right;
}
const refused = (result: E.Either<PricingRejection, Priced>): PricingRejection => {
  if (E.isRight(result)) throw new Error('it has a price');
  return result.left;
};
const offers = catalogue(offerOf('tea', 250, { station: 'bar', prepSeconds: 30 }), offerOf('cake', 333));

describe('the price of an order', () => {
  it('is unit price times quantity, line by line', () => {
    const result = priced(price(wanted(['tea', 2], ['cake', 3]), offers, mainLocation()));
    expect(result.lines.map(({ gross, net, tax }) => [gross.amount, net.amount, tax.amount])).to.deep.equal([
      [500, 500, 0],
      [999, 999, 0],
    ]);
    expect(result.total).to.deep.equal(eur(1499));
    expect(result.lines[0]).to.deep.include({
      lineId: idOf('line', 1),
      name: 'TEA',
      station: 'bar',
      prepSeconds: 30,
      track: true,
    });
  });

  it('says what it weighs, which changes no price', () => {
    const heavy = catalogue(offerOf('tea', 250, { station: 'bar', prepSeconds: 30, weight: 350 }));
    const [plain, weighed] = [offers, heavy].map((one) => priced(price(wanted(['tea', 2]), one, mainLocation())));
    expect(weighed?.lines[0]?.weight).to.equal(350);
    expect(plain?.lines[0]).not.to.have.property('weight');
    expect(weighed && canonicalPrice(weighed)).to.equal(plain && canonicalPrice(plain));
  });

  it('tells the kitchen what is in it, which changes no price', () => {
    const nutty = catalogue(offerOf('tea', 250, { station: 'bar', prepSeconds: 30, allergens: ['nuts'] }));
    const [plain, told] = [offers, nutty].map((one) => priced(price(wanted(['tea', 2]), one, mainLocation())));
    expect(told?.lines[0]?.allergens).to.deep.equal(['nuts']);
    expect(plain?.lines[0]).not.to.have.property('allergens');
    expect(told && canonicalPrice(told)).to.equal(plain && canonicalPrice(plain));
  });

  it('makes a line at the default station, too, where the location has no such station as the offer names', () => {
    const stationOf = (stations: readonly string[]) =>
      priced(price(wanted(['tea', 1]), offers, mainLocation({ defaultStation: 'counter', stations }))).lines[0]
        ?.station;
    expect(stationOf(['counter', 'bar'])).to.equal('bar');
    expect(stationOf(['counter', 'oven'])).to.equal('counter');
  });

  it('makes a line at the default station of the location unless the offer names one', () => {
    const result = priced(price(wanted(['cake', 1]), offers, mainLocation({ defaultStation: 'counter' })));
    expect(result.lines[0]).to.include({ station: 'counter' });
    expect(result.lines[0]).not.to.have.property('prepSeconds');
  });

  it('contains the tax where prices include it', () => {
    const result = priced(
      price(wanted(['tea', 2], ['cake', 3]), offers, mainLocation({ taxRateBp: 1900, taxInclusive: true })),
    );
    // 500 × 19 ÷ 119 = 79.83, 999 × 19 ÷ 119 = 159.50…
    expect(result.lines.map(({ tax }) => tax.amount)).to.deep.equal([80, 160]);
    expect(result.total).to.deep.equal(eur(1499));
    expect(result.tax).to.deep.equal([{ rateBp: 1900, base: eur(1259), amount: eur(240) }]);
  });

  it('adds the tax where prices do not include it', () => {
    const result = priced(
      price(wanted(['tea', 2], ['cake', 3]), offers, mainLocation({ taxRateBp: 1900, taxInclusive: false })),
    );
    // 500 × 19 % = 95, 999 × 19 % = 189.81
    expect(result.lines.map(({ tax }) => tax.amount)).to.deep.equal([95, 190]);
    expect(result.total).to.deep.equal(eur(1784));
    expect(result.tax).to.deep.equal([{ rateBp: 1900, base: eur(1499), amount: eur(285) }]);
  });

  it('rounds half a cent of tax away from zero', () => {
    const result = priced(
      price(wanted(['x', 1]), catalogue(offerOf('x', 10)), mainLocation({ taxRateBp: 500, taxInclusive: false })),
    );
    expect(result.lines[0]?.tax).to.deep.equal(eur(1)); // 0.5 cents
  });

  it('can be nothing', () => {
    expect(priced(price(wanted(['x', 3]), catalogue(offerOf('x', 0)), mainLocation())).total).to.deep.equal(eur(0));
  });

  it('has one spelling, whatever the lines are called', () => {
    const first = priced(price(wanted(['tea', 2]), offers, mainLocation()));
    const second = priced(price([{ lineId: idOf('line', 9), sku: sku('tea'), qty: 2 }], offers, mainLocation()));
    expect(canonicalPrice(first)).to.equal(canonicalPrice(second));
    expect(canonicalPrice(first)).not.to.equal(
      canonicalPrice(priced(price(wanted(['tea', 3]), offers, mainLocation()))),
    );
    expect(canonicalPrice(first)).to.match(/^\{"currency":"EUR","deliveryFee":\{"amount":0,"currency":"EUR"\},/);
  });
});

describe('no price', () => {
  it('is given for what is unknown or not on sale: all of it is named, once', () => {
    const some = catalogue(offerOf('tea', 250), offerOf('soon', 100, { status: 'draft' }));
    expect(
      refused(price(wanted(['tea', 1], ['soon', 1], ['gone', 1], ['gone', 2]), some, mainLocation())),
    ).to.deep.equal({
      _tag: 'OfferUnavailable',
      items: [
        { sku: 'soon', why: 'not_on_sale' },
        { sku: 'gone', why: 'unknown' },
      ],
    });
  });

  it('is given in two currencies at once', () => {
    const mixed = catalogue(offerOf('tea', 250), offerOf('sake', { amount: 900, currency: 'JPY' }));
    expect(refused(price(wanted(['tea', 1], ['sake', 1]), mixed, mainLocation()))).to.deep.equal({
      _tag: 'CurrencyMismatch',
      currencies: ['EUR', 'JPY'],
    });
  });

  it('is given for nothing', () => {
    expect(refused(price([], offers, mainLocation()))).to.deep.include({ _tag: 'CurrencyMismatch' });
  });

  for (const qty of [0, -1, 1.5, 1000, Number.NaN]) {
    it(`is given for ${qty} of a thing`, () => {
      expect(refused(price(wanted(['tea', qty]), offers, mainLocation()))).to.deep.include({
        _tag: 'InvalidQuantity',
        quantity: qty,
        sku: 'tea',
      });
    });
  }

  it('is given above the maximum, which counts whole units of the currency', () => {
    const most = (cost: Money) => price(wanted(['x', 1]), catalogue(offerOf('x', cost)), mainLocation());
    expect(priced(most(eur(10_000_000))).total.amount).to.equal(10_000_000);
    expect(refused(most(eur(10_000_001)))).to.deep.equal({ _tag: 'TotalTooLarge', maximum: eur(10_000_000) });
    expect(refused(most({ amount: 100_001, currency: 'JPY' }))).to.deep.include({ _tag: 'TotalTooLarge' });
    expect(priced(most({ amount: 100_000_000, currency: 'KWD' })).currency).to.equal('KWD');
  });

  it('is given when only the tax lifts it above the maximum', () => {
    const terms = mainLocation({ taxRateBp: 1900, taxInclusive: false });
    const result = price(wanted(['x', 1]), catalogue(offerOf('x', 9_000_000)), terms);
    expect(refused(result)).to.deep.include({ _tag: 'TotalTooLarge' });
  });

  it('is given for sums that no number holds exactly', () => {
    const result = price(wanted(['x', 999]), catalogue(offerOf('x', Number.MAX_SAFE_INTEGER)), mainLocation());
    expect(refused(result)).to.deep.include({ _tag: 'TotalTooLarge' });
  });
});

describe('the price of what is chosen', () => {
  const choice = (id: string, amount: number) => ({ id, name: id.toUpperCase(), price: eur(amount) });
  const options = [
    { id: 'size', name: 'Size', min: 1, max: 1, choices: [choice('small', 0), choice('large', 150)] },
    {
      id: 'extra',
      name: 'Extra',
      min: 0,
      max: 2,
      choices: [choice('olives', 80), choice('capers', 60), choice('egg', 90)],
    },
  ];
  const menu = catalogue(offerOf('pizza', 900, { options }));
  const order = (...chosen: (readonly [option: string, choice: string])[]) =>
    price(
      wanted(['pizza', 2]).map((line) => ({
        ...line,
        options: chosen.map(([option, one]) => ({ option, choice: one })),
      })),
      menu,
      mainLocation(),
    );

  it('is added to each unit and kept by name', () => {
    const { lines, total } = priced(order(['extra', 'capers'], ['size', 'large'], ['extra', 'olives']));
    expect(lines[0]?.unitPrice).to.deep.equal(eur(1190));
    expect(total).to.deep.equal(eur(2380));
    expect(lines[0]?.options).to.deep.equal([
      { name: 'Size', choice: 'LARGE', price: eur(150) },
      { name: 'Extra', choice: 'OLIVES', price: eur(80) },
      { name: 'Extra', choice: 'CAPERS', price: eur(60) },
    ]);
  });

  for (const [why, chosen, option] of [
    ['too few', [], 'size'],
    [
      'too many',
      [
        ['size', 'small'],
        ['size', 'large'],
      ],
      'size',
    ],
    ['an unknown choice', [['size', 'huge']], 'size'],
    [
      'an unknown option',
      [
        ['size', 'small'],
        ['crust', 'thin'],
      ],
      'crust',
    ],
  ] as const) {
    it(`names the option of which ${why} is chosen`, () => {
      expect(refused(order(...chosen))).to.deep.include({ _tag: 'InvalidChoice', sku: 'pizza', option });
    });
  }

  it('is nothing where an option may be left out', () => {
    expect(priced(order(['size', 'small'])).total).to.deep.equal(eur(1800));
  });
});

describe('the tax of several classes', () => {
  it('is told rate by rate, and adds up', () => {
    const mixed = catalogue(offerOf('tea', 250, { taxClass: 'drinks' }), offerOf('cake', 333, { taxClass: 'food' }));
    const location = mainLocation({ taxRateBp: 1900, taxRates: [{ taxClass: 'food', rateBp: 700 }] });
    const { tax, total } = priced(price(wanted(['tea', 2], ['cake', 3]), mixed, location));
    expect(tax).to.deep.equal([
      { rateBp: 1900, base: eur(420), amount: eur(80) },
      { rateBp: 700, base: eur(934), amount: eur(65) },
    ]);
    expect(total).to.deep.equal(eur(1499));
  });
});

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
