import { expect } from 'chai';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { offer, type OfferCommand, type OfferEvent, representOffer } from '../../../../src/domain/offer/index.js';
import { at, eur, later, sku, soup } from '../../../support/fixtures.js';
import { decisionTable, everywhere } from '../../../support/decisionTable.js';
import { specificationOf } from '../../../support/given.js';

const drafted: OfferEvent = { type: 'OfferDrafted', data: { sku: sku('soup'), ...soup } };
const priceSet = (amount = 450, validFrom = at): OfferEvent => ({
  type: 'PriceSet',
  data: { price: eur(amount), validFrom },
});
const published: OfferEvent = { type: 'OfferPublished', data: {} };
const histories = { none: [], draft: [drafted, priceSet()], on_sale: [drafted, priceSet(), published] } as const;

const commands: { readonly [Type in OfferCommand['type']]: Extract<OfferCommand, { type: Type }> } = {
  PublishOffer: { type: 'PublishOffer', sku: sku('soup'), details: soup, price: eur(450), at },
  ReplaceOffer: { type: 'ReplaceOffer', details: { ...soup, name: 'Hot soup' }, price: eur(500), at: later },
};
const given = specificationOf(offer);
const inEvery = everywhere(histories);

describe('an offer, every command in every state', () => {
  decisionTable(offer, histories, commands, {
    PublishOffer: inEvery('!AlreadyExists', { none: 'OfferDrafted + PriceSet + OfferPublished' }),
    ReplaceOffer: inEvery('OfferChanged + PriceSet', { none: '!NotFound' }),
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
      status: 'on_sale',
      revision: 4,
    });
  });

  it('is a draft without a price of its own until one is set, and cannot go on sale so', () => {
    expect(shown([drafted])).to.deep.include({ status: 'draft', price: { amount: 0, currency: 'XXX' } });
    expect(shown([drafted, published])).to.deep.include({ status: 'draft' });
  });
});
