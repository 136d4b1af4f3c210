import { expect } from 'chai';
import type { DomainEvent } from '../../../src/domain/events.js';
import { locationStream, offerStream } from '../../../src/domain/kernel/streams.js';
import { createCatalogueMemory } from '../../../src/projections/catalogue/memory.js';
import { catalogueProjection } from '../../../src/projections/catalogue/projection.js';
import { catalogueSchema } from '../../../src/projections/catalogue/schema.js';
import type { Folds } from '../../../src/subscriptions/contract.js';
import { eur, main, mainLocation, sku } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { changedOffer } from '../../unit/projections/histories.js';
import { enter, type Ground } from '../subscriptions/setup.js';

const later = '2024-05-04T13:00:00.000Z';

describe('the catalogue in memory', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([catalogueSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const begin = async (options: { readonly believeAbsentMs?: number } = {}) => {
    const subscriptions = ground.subscriptions();
    const memory = createCatalogueMemory({ database: ground.database, folds: subscriptions.folds, ...options });
    subscriptions.addProjection(catalogueProjection());
    subscriptions.addListener(memory.listener);
    await subscriptions.start();
    return { subscriptions, memory };
  };

  it('answers without reading anything once it was asked for an offer', async () => {
    ground.log.append(offerStream(sku('soup')), ...changedOffer());
    ground.log.append(locationStream(main), { type: 'LocationOpened', data: mainLocation() });
    const { subscriptions, memory } = await begin();
    await subscriptions.reached('catalogue memory', ground.log.last);
    await memory.offer(sku('soup'));
    await memory.location(main);
    const reads = ground.log.reads;
    expect(memory.offer(sku('soup'))).to.deep.include({ sku: 'soup', price: eur(600), revision: 3, status: 'on_sale' });
    expect(memory.location(main)).to.deep.equal({ ...mainLocation(), revision: 0 });
    expect(ground.log.reads).to.equal(reads);
  });

  it('tells of no offer what it was once, while the feed is still behind', async () => {
    const { subscriptions, memory } = await begin();
    await subscriptions.stop();
    const events = ground.log.append(offerStream(sku('soup')), ...changedOffer());
    for (const event of events) {
      await memory.listener.handle(event);
      expect(await memory.offer(sku('soup'))).to.deep.include({ price: eur(600), revision: 3 });
    }
  });

  it('reads again what an event has overtaken that was heard while it was read', async () => {
    const { folds } = ground.subscriptions();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    const latest: Folds['latest'] = async (aggregate, stream) => {
      const read = await folds.latest(aggregate, stream);
      await held;
      return read;
    };
    const memory = createCatalogueMemory({ database: ground.database, folds: { ...folds, latest } });
    ground.log.append(offerStream(sku('soup')), ...changedOffer());
    const reads = ground.log.reads;
    const asked = memory.offer(sku('soup'));
    await until('it was read', () => ground.log.reads > reads);
    const event: DomainEvent = { type: 'PriceSet', data: { price: eur(700), validFrom: later } };
    const heard = ground.log.append(offerStream(sku('soup')), event).map((priced) => memory.listener.handle(priced));
    release();
    await Promise.all([asked, ...heard]);
    expect(memory.offer(sku('soup'))).to.deep.include({ price: eur(700), revision: 4 });
  });

  it('begins with the tables and follows from their position', async () => {
    ground.log.append(offerStream(sku('soup')), ...changedOffer());
    const first = await begin();
    await first.subscriptions.reached('catalogue_v2', ground.log.last);
    await first.subscriptions.stop();
    const { subscriptions, memory } = await begin();
    expect(memory.offer(sku('soup'))).to.deep.include({ price: eur(600) });
    ground.log.append(offerStream(sku('soup')), { type: 'PriceSet', data: { price: eur(700), validFrom: later } });
    await subscriptions.reached('catalogue memory', ground.log.last);
    expect(memory.offer(sku('soup'))).to.deep.include({ price: eur(700), revision: 4 });
    expect(ground.log.subscriptions.at(-1)).to.equal(400n);
  });

  it('reads the stream of an sku that it does not know before it says no', async () => {
    const { subscriptions, memory } = await begin();
    await until('it has caught up', () => subscriptions.status().runners.every(({ atEnd }) => atEnd));
    await subscriptions.stop();
    ground.log.append(offerStream(sku('soup')), ...changedOffer());
    expect(await memory.offer(sku('soup'))).to.deep.include({ sku: 'soup', price: eur(600) });
    expect(await memory.offer(sku('nothing'))).to.equal(undefined);
    expect(await memory.location('elsewhere' as typeof main)).to.equal(undefined);
  });

  it('shares one read among those who ask at the same time, and believes a no for a moment', async () => {
    const { memory } = await begin({ believeAbsentMs: 60_000 });
    const before = ground.log.reads;
    const answers = await Promise.all([1, 2, 3].map(async () => await memory.offer(sku('nothing'))));
    expect(answers).to.deep.equal([undefined, undefined, undefined]);
    expect(await memory.offer(sku('nothing'))).to.equal(undefined);
    expect(ground.log.reads).to.equal(before + 1);
  });

  it('forgets a no as soon as the feed knows better', async () => {
    const { subscriptions, memory } = await begin({ believeAbsentMs: 60_000 });
    expect(await memory.offer(sku('soup'))).to.equal(undefined);
    ground.log.append(offerStream(sku('soup')), ...changedOffer());
    await subscriptions.reached('catalogue memory', ground.log.last);
    expect(await memory.offer(sku('soup'))).to.deep.include({ price: eur(600) });
  });

  it('takes an event that this process appended before the feed brings it, and not twice', async () => {
    const { subscriptions, memory } = await begin();
    await until('it has caught up', () => subscriptions.status().runners.every(({ atEnd }) => atEnd));
    const events = changedOffer();
    ground.log.append(offerStream(sku('soup')), ...events.slice(0, 1));
    await memory.offer(sku('soup'));
    for (const event of ground.log.append(offerStream(sku('soup')), ...events.slice(1))) memory.apply(event);
    expect(memory.offer(sku('soup'))).to.deep.include({ revision: 3 });
    await subscriptions.reached('catalogue memory', ground.log.last);
    expect(memory.offer(sku('soup'))).to.deep.include({ revision: 3, price: eur(600) });
  });
});
