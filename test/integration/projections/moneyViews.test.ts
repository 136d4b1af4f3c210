import { expect } from 'chai';
import type { RecordedEvent } from '../../../src/domain/events.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { OrderEvent } from '../../../src/domain/order/index.js';
import type { PaymentEvent } from '../../../src/domain/payment/index.js';
import { leftoverQueries } from '../../../src/projections/leftovers/queries.js';
import { orderProjection } from '../../../src/projections/order/projection.js';
import { orderViewSchema } from '../../../src/projections/order/schema.js';
import { paymentProjection } from '../../../src/projections/payments/projection.js';
import { paymentQueries } from '../../../src/projections/payments/queries.js';
import { paymentViewSchema } from '../../../src/projections/payments/schema.js';
import { taskProjection } from '../../../src/projections/tasks/projection.js';
import { taskQueries } from '../../../src/projections/tasks/queries.js';
import { taskListSchema } from '../../../src/projections/tasks/schema.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { anOrder, aPayment, dueAt, eur, idOf } from '../../support/fixtures.js';
import { amendmentRequested, anAmendment, aRefund, histories, refundDue } from '../../unit/domain/order/histories.js';
import { enter, type Ground } from '../subscriptions/setup.js';
import { givenProjection } from './given.js';

describe('the views of money and of tasks', () => {
  let ground: Ground;
  before(async function () {
    this.timeout(300_000);
    ground = await enter([orderViewSchema, paymentViewSchema, taskListSchema]);
  });
  afterEach(() => ground.clear());
  after(() => ground.leave());

  const payment = (n: number, ...events: readonly PaymentEvent[]): readonly RecordedEvent[] =>
    ground.log.append(`payment-${idOf('payment', n)}`, ...events);
  const opened = (n: number, ordinal?: number): PaymentEvent => ({
    type: 'PaymentOpened',
    data: {
      paymentId: idOf('payment', n),
      orderId: anOrder,
      amount: eur(100 * n),
      purpose: ordinal === undefined ? 'initial' : 'additional',
      captureMode: 'automatic',
      dueAt,
      ...(ordinal === undefined ? {} : { ordinal }),
    },
  });
  const closed: PaymentEvent = { type: 'PaymentClosed', data: { why: 'cancelled' } };

  it('show the payments of an order, the first one first, and none that nobody opened', async () => {
    const given = givenProjection(ground, paymentProjection({ folds: createFolds({ reader: ground.log }) }));
    await given.when([...payment(3, opened(3, 2)), ...payment(1, opened(1)), ...payment(2, closed)], { times: 2 });
    await given.when(payment(1, closed));
    const queries = paymentQueries(ground.database);
    const shown = await queries.paymentsOfOrder(anOrder);
    expect(shown.map(({ id, ordinal, status, revision }) => [id, ordinal, status, revision])).to.deep.equal([
      [idOf('payment', 1), 1, 'closed', 1],
      [idOf('payment', 3), 2, 'opened', 0],
    ]);
    expect(await queries.paymentById(idOf('payment', 3))).to.deep.equal(shown[1]);
    expect(await queries.paymentById(idOf('payment', 2))).to.equal(undefined);
  });

  it('name the payments of which money is on its way back', async () => {
    const given = givenProjection(ground, paymentProjection({ folds: createFolds({ reader: ground.log }) }));
    const { refundsUnderWay } = leftoverQueries(ground.database);
    const refundId = idOf('refund', 1);
    const wish = { refundId, intentId: 'pi_1', amount: eur(50), reason: 'goodwill', approval: 'required' } as const;
    const after = async (...events: readonly PaymentEvent[]) => {
      await given.when(payment(1, ...events));
      return await refundsUnderWay();
    };
    await given.when(payment(2, opened(2)));
    const asked = { ...wish, requestedBy: 'staff/ann', requestedAt: dueAt };
    expect(await after(opened(1), { type: 'RefundRequested', data: asked })).to.deep.equal([]);
    const itself = [idOf('payment', 1)];
    expect(await after({ type: 'RefundApproved', data: { refundId, by: 'staff/bob' } })).to.deep.equal(itself);
    expect(await after({ type: 'RefundSubmitted', data: { refundId, providerRefundId: 're_1' } })).to.deep.equal(
      itself,
    );
    expect(await after({ type: 'RefundSucceeded', data: { refundId, amount: eur(50) } })).to.deep.equal([]);
  });

  it('name the orders of which money is to go back, and those with an amendment that waits', async () => {
    const given = givenProjection(ground, orderProjection());
    const { refundsOwed, amendmentsWaiting } = leftoverQueries(ground.database);
    const after = async (...events: readonly OrderEvent[]) => {
      await given.when(ground.log.append(orderStream(anOrder), ...events));
      return [await refundsOwed(), await amendmentsWaiting()];
    };
    expect(await after(...histories.confirmed)).to.deep.equal([[], []]);
    expect(await after(amendmentRequested())).to.deep.equal([[], [anOrder]]);
    const declined = { amendmentId: anAmendment, cause: 'it is not in stock' };
    expect(await after({ type: 'AmendmentDeclined', data: declined })).to.deep.equal([[], []]);
    expect(await after(refundDue(500, 'goodwill', 'wish:1'))).to.deep.equal([[anOrder], []]);
    const applied = { paymentId: aPayment, refundId: aRefund, amount: eur(500) };
    expect(await after({ type: 'RefundApplied', data: applied })).to.deep.equal([[], []]);
  });

  it('name the orders that do not know how a refund ended, although they seem to owe nothing', async () => {
    const orders = givenProjection(ground, orderProjection());
    const payments = givenProjection(ground, paymentProjection({ folds: createFolds({ reader: ground.log }) }));
    const { refundsOwed } = leftoverQueries(ground.database);
    const ordered = (...events: readonly OrderEvent[]) =>
      orders.when(ground.log.append(orderStream(anOrder), ...events));
    const told = (...events: readonly PaymentEvent[]) => payments.when(payment(1, ...events));
    const wish = {
      refundId: aRefund,
      intentId: 'pi_1',
      amount: eur(500),
      reason: 'goodwill',
      approval: 'auto',
    } as const;
    const of = { paymentId: aPayment, refundId: aRefund, amount: eur(500) };
    await ordered(...histories.confirmed, refundDue(500, 'goodwill', 'wish:1'), { type: 'RefundApplied', data: of });
    await told(
      opened(1),
      { type: 'RefundRequested', data: { ...wish, requestedBy: 'staff/ann', requestedAt: dueAt } },
      { type: 'RefundApproved', data: { refundId: aRefund, by: 'policy' } },
      { type: 'RefundSucceeded', data: { refundId: aRefund, amount: eur(500) } },
    );
    expect(await refundsOwed()).to.deep.equal([]);
    await told({ type: 'RefundFailed', data: { refundId: aRefund, amount: eur(500), code: 'lost_or_stolen_card' } });
    expect(await refundsOwed(), 'it failed after it looked good').to.deep.equal([anOrder]);
    await ordered({ type: 'RefundFailedNoted', data: { ...of, code: 'lost_or_stolen_card' } });
    expect(await refundsOwed()).to.deep.equal([]);
    await told({ type: 'ForeignRefundRecorded', data: { providerRefundId: 're_9', amount: eur(100) } });
    expect(await refundsOwed(), 'it was made at the provider').to.deep.equal([anOrder]);
    const foreign = { ...of, refundId: 're_9', amount: eur(100), foreign: true } as const;
    await ordered({ type: 'RefundApplied', data: foreign });
    expect(await refundsOwed()).to.deep.equal([]);
    const lost = { code: 'lost_or_stolen_card' } as const;
    await told({ type: 'ForeignRefundFailed', data: { providerRefundId: 're_9', amount: eur(100), ...lost } });
    expect(await refundsOwed(), 'it failed after it looked good').to.deep.equal([anOrder]);
    await ordered({ type: 'RefundFailedNoted', data: { ...foreign, ...lost } });
    expect(await refundsOwed()).to.deep.equal([]);
    await told(
      { type: 'ForeignRefundRecorded', data: { providerRefundId: 're_10', amount: eur(100) } },
      { type: 'ForeignRefundFailed', data: { providerRefundId: 're_10', amount: eur(100), ...lost } },
    );
    expect(await refundsOwed(), 'it failed before the order heard of it').to.deep.equal([]);
  });

  it('show the open tasks, newest first, page by page, and those that are done apart', async () => {
    const given = givenProjection(ground, taskProjection());
    const open = (n: number, kind: 'hold' | 'dispute'): readonly RecordedEvent[] =>
      ground.log.append(`task-${idOf('task', n)}`, {
        type: 'TaskOpened',
        data: {
          taskId: idOf('task', n),
          kind,
          about: { orderId: idOf('order', n % 2) },
          text: 'look at it',
          openedAt: `2024-05-04T12:00:0${Math.floor(n / 2)}.000Z`,
        },
      });
    for (let n = 0; n < 5; n++) await given.when(open(n, n === 2 ? 'dispute' : 'hold'), { times: 2 });
    await given.when(
      ground.log.append(`task-${idOf('task', 4)}`, { type: 'TaskDone', data: { by: 'system', at: dueAt } }),
    );
    const queries = taskQueries(ground.database);
    const first = await queries.tasksPage({ state: 'open', limit: 3 });
    const second = await queries.tasksPage({ state: 'open', limit: 3, ...(first.next ? { cursor: first.next } : {}) });
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(ids).to.deep.equal([3, 2, 1, 0].map((n) => idOf('task', n)));
    expect(second.next).to.equal(undefined);
    const only = async (wanted: Partial<Parameters<typeof queries.tasksPage>[0]>) =>
      (await queries.tasksPage({ state: 'open', limit: 9, ...wanted })).items.map(({ id }) => id);
    expect(await only({ state: 'done' })).to.deep.equal([idOf('task', 4)]);
    expect(await only({ kind: ['dispute'] })).to.deep.equal([idOf('task', 2)]);
    expect(await only({ orderId: idOf('order', 1) })).to.deep.equal([3, 1].map((n) => idOf('task', n)));
  });
});
