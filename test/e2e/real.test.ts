import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { testEventStore } from '../support/eventstore/index.js';
import { services, type SuiteDatabase } from '../support/services/index.js';
import { type Comanda, place, startComanda } from './support/comanda.js';
import { Shop } from './support/shop.js';
import { wholeWay } from './support/wholeWay.js';

describe('Comanda on real PostgreSQL, RabbitMQ and Redis', function () {
  this.timeout(600_000);
  let comanda: Comanda;
  let database: SuiteDatabase;
  let store: Awaited<ReturnType<typeof testEventStore>>;
  let dispose: () => Promise<void>;

  before(async () => {
    const { postgres, redis, rabbitmq } = await services();
    [database, store] = await Promise.all([postgres.createDatabase(), testEventStore()]);
    const own = await place({
      POSTGRES_URL: database.url,
      REDIS_URL: redis.url,
      RABBITMQ_URL: rabbitmq.createVhost(),
      EVENTSTORE_URL: store.url,
      COMANDA_SECRET: randomUUID(),
    });
    dispose = own.dispose;
    comanda = await startComanda(own.environment);
  });
  after(async () => {
    await comanda.stop();
    await dispose();
    await database.drop();
    await store.stop();
  });

  it('says which ones it uses, without their passwords', () => {
    expect(comanda.printed()).to.match(/EventStoreDB at .+PostgreSQL at .+RabbitMQ at .+Redis at /s);
    expect(comanda.printed()).not.to.match(/:[^/\s]+@/);
  });

  wholeWay(() => new Shop(comanda.url));
});
