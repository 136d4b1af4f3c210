import { expect } from 'chai';
import type { Money } from '../../../../src/domain/kernel/money.js';
import { canonicalPrice, price } from '../../../../src/domain/pricing/index.js';
import { eur, idOf, mainLocation, sku } from '../../../support/fixtures.js';
import { catalogue, offerOf, offers, priced, refused, wanted } from './offered.js';

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
