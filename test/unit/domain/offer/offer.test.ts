import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import {
  offer,
  type OfferCommand,
  type OfferEvent,
  type OfferOption,
  representOffer,
  suspensionAt,
} from '../../../../src/domain/offer/index.js';
import { at, eur, later, main, sku, soup } from '../../../support/fixtures.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { specificationOf } from '../../../support/given.js';

const drafted: OfferEvent = { type: 'OfferDrafted', data: { sku: sku('soup'), ...soup } };
const priceSet = (amount = 450, validFrom = at): OfferEvent => ({
  type: 'PriceSet',
  data: { price: eur(amount), validFrom },
});
const published: OfferEvent = { type: 'OfferPublished', data: {} };
const retired: OfferEvent = { type: 'OfferRetired', data: {} };
const pricedHere = (amount: number): OfferEvent => ({
  type: 'PriceSet',
  data: { price: eur(amount), validFrom: at, locationId: main },
});
const dropped: OfferEvent = { type: 'PriceDropped', data: { locationId: main } };
const histories: Record<
  'none' | 'draft' | 'on_sale' | 'suspended' | 'resumed' | 'retired' | 'priced_here',
  readonly OfferEvent[]
> = {
  none: [],
  draft: [drafted, priceSet()],
  on_sale: [drafted, priceSet(), published],
  suspended: [
    drafted,
    priceSet(),
    published,
    { type: 'OfferSuspended', data: { reason: 'sold out', locationId: main, until: later } },
  ],
  resumed: [
    drafted,
    priceSet(),
    published,
    { type: 'OfferSuspended', data: { reason: 'sold out', locationId: main, until: later } },
    { type: 'OfferResumed', data: { locationId: main } },
  ],
  retired: [drafted, priceSet(), published, retired],
  priced_here: [drafted, priceSet(), published, pricedHere(500)],
};

const commands: { readonly [Type in OfferCommand['type']]: Extract<OfferCommand, { type: Type }> } = {
  PublishOffer: { type: 'PublishOffer', sku: sku('soup'), details: soup, price: eur(450), at },
  ReplaceOffer: { type: 'ReplaceOffer', details: { ...soup, name: 'Hot soup' }, price: eur(500), at: later },
  SuspendOffer: { type: 'SuspendOffer', reason: 'sold out', locationId: main, until: later },
  ResumeOffer: { type: 'ResumeOffer', locationId: main },
  RetireOffer: { type: 'RetireOffer' },
  SetPrice: { type: 'SetPrice', price: eur(500), locationId: main, at },
  DropPrice: { type: 'DropPrice', locationId: main },
};
const suspended: OfferEvent = {
  type: 'OfferSuspended',
  data: { reason: 'sold out', locationId: main, until: later },
};
const given = specificationOf(offer);
const inEvery = everywhere(histories);

describe('an offer, every command in every state', () => {
  decisionTable(offer, histories, commands, {
    PublishOffer: inEvery('!AlreadyExists', { none: 'OfferDrafted + PriceSet + OfferPublished' }),
    ReplaceOffer: inEvery('OfferChanged + PriceSet', { none: '!NotFound', retired: '!IllegalTransition' }),
    SuspendOffer: inEvery('OfferSuspended', {
      none: '!NotFound',
      suspended: 'nothing',
      retired: '!IllegalTransition',
    }),
    ResumeOffer: inEvery('nothing', { none: '!NotFound', suspended: 'OfferResumed', retired: '!IllegalTransition' }),
    SetPrice: inEvery('PriceSet', { none: '!NotFound', retired: '!IllegalTransition', priced_here: 'nothing' }),
    DropPrice: inEvery('nothing', { none: '!NotFound', retired: '!IllegalTransition', priced_here: 'PriceDropped' }),
    RetireOffer: inEvery('OfferRetired', { none: '!NotFound', retired: 'nothing' }),
  });
});

describe('an offer', () => {
  it('is made, priced and put on sale in one go', () => {
    given([]).when(commands.PublishOffer).then([drafted, priceSet(), published]);
  });

  it('that is replaced by the same stays as it is', () => {
    given(histories.on_sale)
      .when({ type: 'ReplaceOffer', details: soup, price: eur(450), at: later })
      .thenNothing();
  });

  it('changes only what is new', () => {
    given(histories.on_sale)
      .when({ type: 'ReplaceOffer', details: soup, price: eur(475), at: later })
      .then([priceSet(475, later)]);
    const details = { name: 'Soup', trackStock: false, taxClass: 'standard' };
    given(histories.on_sale)
      .when({ type: 'ReplaceOffer', details, price: eur(450), at: later })
      .then([{ type: 'OfferChanged', data: details }]);
  });

  it('may cost nothing, but never less', () => {
    given([])
      .when({ ...commands.PublishOffer, price: eur(0) })
      .then([drafted, priceSet(0), published]);
    given([])
      .when({ ...commands.PublishOffer, price: eur(-1) })
      .thenRejected('InvalidAmount', { amount: -1 });
    given(histories.on_sale)
      .when({ ...commands.ReplaceOffer, price: eur(-1) })
      .thenRejected('InvalidAmount', { amount: -1 });
  });
});

describe('an offer that is not to be had for a while', () => {
  const view = (history: readonly OfferEvent[]) => {
    const shown = representOffer(fold(offer, offer.initial, history), history.length - 1);
    if (!shown) throw new Error('there is no offer');
    return shown;
  };
  const elsewhere = 'elsewhere' as typeof main;

  it('is missed only there and until then', () => {
    const shown = view([...histories.on_sale, suspended]);
    expect(shown.suspensions).to.deep.equal([suspended.data]);
    expect(suspensionAt(shown, main, at)).to.deep.equal(suspended.data);
    expect(suspensionAt(shown, main, later)).to.equal(undefined);
    expect(suspensionAt(shown, elsewhere, at)).to.equal(undefined);
  });

  it('is missed everywhere and for good where neither is said, beside what is said of one place', () => {
    const everywhereGone: OfferEvent = { type: 'OfferSuspended', data: { reason: 'recalled' } };
    const shown = view([...histories.suspended, everywhereGone]);
    expect(shown.suspensions).to.have.length(2);
    expect(suspensionAt(shown, elsewhere, '2099-01-01T00:00:00.000Z')).to.deep.equal({ reason: 'recalled' });
    const back = view([...histories.suspended, everywhereGone, { type: 'OfferResumed', data: {} }]);
    expect(back.suspensions).to.deep.equal([suspended.data]);
  });

  it('names its reason', () => {
    given(histories.on_sale).when({ type: 'SuspendOffer', reason: ' ' }).thenRejected('ReasonRequired');
  });
});

describe('the options of an offer', () => {
  const choice = (id: string, amount = 50) => ({ id, name: id.toUpperCase(), price: eur(amount) });
  const size = { id: 'size', name: 'Size', min: 1, max: 1, choices: [choice('s', 0), choice('l')] };
  const publish = (options: readonly OfferOption[]) =>
    given([]).when({ ...commands.PublishOffer, details: { ...soup, options } });

  it('are kept and shown', () => {
    publish([size]).then([
      { type: 'OfferDrafted', data: { ...soup, sku: sku('soup'), options: [size] } },
      priceSet(),
      published,
    ]);
  });

  for (const [why, options] of [
    ['more must be taken than may', [{ ...size, min: 2 }]],
    ['more may be taken than there are', [{ ...size, max: 3 }]],
    ['two have one id', [size, size]],
    ['two choices have one id', [{ ...size, choices: [choice('s'), choice('s')] }]],
  ] as const) {
    it(`are refused where ${why}`, () => publish(options).thenRejected('InvalidOption', { option: 'size' }));
  }

  it('cost in the currency of the offer, and never less than nothing', () => {
    publish([{ ...size, choices: [choice('s'), choice('l', -1)] }]).thenRejected('InvalidAmount');
    const dollars = { ...choice('l'), price: { amount: 1, currency: 'USD' } };
    publish([{ ...size, choices: [choice('s'), dollars] }]).thenRejected('CurrencyMismatch');
  });
});

describe('an offer as the shop shows it', () => {
  const shown = (history: readonly OfferEvent[]) =>
    representOffer(fold(offer, offer.initial, history), history.length - 1);

  it('is not there before it is made', () => {
    expect(shown([])).to.equal(undefined);
  });

  it('shows name, price and where it is made', () => {
    expect(shown(histories.on_sale)).to.deep.equal({
      sku: 'soup',
      name: 'Soup',
      price: eur(450),
      trackStock: true,
      taxClass: 'standard',
      station: 'hot',
      prepSeconds: 90,
      status: 'on_sale',
      revision: 2,
    });
  });

  it('shows the latest price and name', () => {
    const renamed: OfferEvent = {
      type: 'OfferChanged',
      data: { name: 'Broth', trackStock: false, taxClass: 'standard' },
    };
    expect(shown([...histories.on_sale, renamed, priceSet(1)])).to.deep.equal({
      sku: 'soup',
      name: 'Broth',
      price: eur(1),
      trackStock: false,
      taxClass: 'standard',
      status: 'on_sale',
      revision: 4,
    });
  });

  it('is a draft without a price of its own until one is set, and cannot go on sale so', () => {
    expect(shown([drafted])).to.deep.include({ status: 'draft', price: { amount: 0, currency: 'XXX' } });
    expect(shown([drafted, published])).to.deep.include({ status: 'draft' });
  });
});

describe('an offer that is retired', () => {
  it('says so, and keeps what it was', () => {
    const state = fold(offer, offer.initial, histories.retired);
    expect(representOffer(state, 3)).to.deep.include({ status: 'retired', price: eur(450), name: soup.name });
  });

  it('says in which ways it was to be had', () => {
    const modes = ['pickup', 'dine_in'] as const;
    const state = fold(offer, offer.initial, [
      ...histories.on_sale,
      { type: 'OfferChanged', data: { ...soup, modes } },
    ]);
    expect(representOffer(state, 3)).to.deep.include({ status: 'on_sale', modes });
  });
});

describe('the price of an offer', () => {
  const view = (...events: readonly OfferEvent[]) =>
    representOffer(fold(offer, offer.initial, [...histories.on_sale, ...events]), 3);
  const set = (amount: number, place: object = {}) => ({ type: 'SetPrice', price: eur(amount), at, ...place }) as const;

  it('is another one at a location, until it is dropped there', () => {
    expect(view(pricedHere(500))).to.deep.include({
      price: eur(450),
      locationPrices: [{ locationId: main, price: eur(500) }],
    });
    expect(view(pricedHere(500), pricedHere(520))?.locationPrices).to.deep.equal([
      { locationId: main, price: eur(520) },
    ]);
    expect(view(pricedHere(500), priceSet(470))).to.deep.include({
      price: eur(470),
      locationPrices: [{ locationId: main, price: eur(500) }],
    });
    expect(view(pricedHere(500), dropped)).to.deep.include({ price: eur(450) });
    expect(view(pricedHere(500), dropped)).not.to.have.property('locationPrices');
  });

  it('is the same for whoever says it again', () => {
    given(histories.on_sale).when(set(450)).thenNothing();
    given(histories.on_sale)
      .when(set(451))
      .then([priceSet(451)]);
  });

  it('is in one currency everywhere, and never below nothing', () => {
    const usd = { amount: 500, currency: 'USD' };
    given(histories.on_sale)
      .when({ ...set(0), price: usd, locationId: main })
      .thenRejected('CurrencyMismatch', { currencies: ['EUR', 'USD'] });
    given(histories.on_sale)
      .when({ ...set(0), price: usd })
      .then([{ type: 'PriceSet', data: { price: usd, validFrom: at } }]);
    given(histories.priced_here)
      .when({ ...set(0), price: usd })
      .thenRejected('CurrencyMismatch');
    given(histories.priced_here)
      .when({ ...commands.ReplaceOffer, price: usd })
      .thenRejected('CurrencyMismatch');
    given(histories.on_sale)
      .when({ ...set(-1), locationId: main })
      .thenRejected('InvalidAmount');
  });
});
