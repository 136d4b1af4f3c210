import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import type { OrderEvent } from '../../../src/domain/order/index.js';
import { customerProjection } from '../../../src/projections/customers/projection.js';
import { customerQueries } from '../../../src/projections/customers/queries.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { DatabaseUnavailable } from '../../../src/subscriptions/ports/database.js';
import { idOf, placedOrder } from '../../support/fixtures.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { givenProjection } from './given.js';

describe('what is known of customers', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  type Verdict = Extract<OrderEvent, { type: 'OrderChecked' }>['data']['verdict'];
  const checked = (n: number, verdict: Verdict): OrderEvent => ({
    type: 'OrderChecked',
    data: { checkId: idOf('check', n), verdict, rules: [], engine: 'test', engineVersion: '1' },
  });
  const order = (n: number, accountId: string, ...verdicts: readonly Verdict[]): readonly RecordedEvent[] =>
    ground.log.append(
      `order-${idOf('order', n)}`,
      {
        type: 'OrderPlaced',
        data: placedOrder({ orderId: idOf('order', n), accountId, placedAt: `2024-05-0${n}T12:00:00.000Z` }),
      },
      ...verdicts.map((verdict) => checked(n, verdict)),
    );
  /** Those of the events that the projection asks for, as it is given them. */
  const project = async (events: readonly RecordedEvent[], options = {}): Promise<void> => {
    const projection = customerProjection({ folds: createFolds({ reader: ground.log }) });
    const wanted = events.filter(({ event }) => projection.wants(event.type));
    await givenProjection(ground, projection).when(wanted, options);
  };
  const known = (accountId: string) => customerQueries(ground.database).known(accountId);

  it('is nothing at first', async () => {
    expect(await known('ada')).to.deep.equal({ orders: 0, flags: ['new'] });
  });

  it('is how many of their orders were checked, since when, and whether one did not pass; twice is once', async () => {
    await project(
      [...order(3, 'ada', 'passed'), ...order(1, 'ada', 'failed'), ...order(2, 'bob', 'review'), ...order(4, 'ada')],
      { times: 2 },
    );
    expect(await known('ada')).to.deep.equal({
      orders: 2,
      flags: ['failed_before'],
      since: '2024-05-01T12:00:00.000Z',
    });
    expect(await known('bob')).to.deep.equal({
      orders: 1,
      flags: ['reviewed_before'],
      since: '2024-05-02T12:00:00.000Z',
    });
  });

  it('is what the last check of an order said, also within one batch', async () => {
    await project(order(1, 'ada', 'review', 'passed'));
    expect(await known('ada')).to.deep.equal({ orders: 1, flags: [], since: '2024-05-01T12:00:00.000Z' });
    await project(order(2, 'ada', 'passed', 'failed'), { batch: 1 });
    expect((await known('ada'))?.flags).to.deep.equal(['failed_before']);
  });

  it('is unknown, and no fault, while the database is away; any other fault is one', async () => {
    const asked = (error: Error) =>
      customerQueries({ query: () => Promise.reject(error) })
        .known('ada')
        .catch((thrown: unknown) => thrown);
    expect(await asked(new DatabaseUnavailable('away'))).to.equal(undefined);
    expect(await asked(new TypeError('wrong'))).to.be.instanceOf(TypeError);
  });
});
