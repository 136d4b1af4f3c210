import { expect } from 'chai';
import { paymentIdOf, refundIdOf, taskIdOf } from '../../../src/commands/identity.js';
import type { OrderId, PaymentId, RefundId } from '../../../src/domain/kernel/ids.js';
import type { Money } from '../../../src/domain/kernel/money.js';
import { orderStream, paymentStream, taskStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { payment } from '../../../src/domain/payment/index.js';
import { task } from '../../../src/domain/task/index.js';
import { dueAt, idOf } from '../../support/fixtures.js';
import type { TestApi } from '../../support/inMemory/api.js';
import { type Ask, byTest } from './ask.js';

/** What people decide about an order, and the money for it. No process runs here: what one would do is done by hand. */
export async function decideAndPay(ask: Ask, api: TestApi): Promise<void> {
  const place = async (key: string): Promise<OrderId> => {
    const body = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 2 }] };
    return (await ask('placeOrder', 201, {}, { body, headers: { 'idempotency-key': key } })).body.id as OrderId;
  };
  const held = await place('held');
  await ask('holdOrder', 201, { id: held }, { body: { reason: 'a strange order' } });
  const decided = { 'idempotency-key': 'h1' };
  await ask('resolveHold', 400, { id: held }, { body: { decision: 'accept' } });
  await ask('resolveHold', 422, { id: held }, { body: { decision: 'amend', lines: [] }, headers: decided });
  await ask('resolveHold', 200, { id: held }, { body: { decision: 'accept' }, headers: decided });
  const late = { 'idempotency-key': 'h2' };
  await ask('resolveHold', 409, { id: held }, { body: { decision: 'accept' }, headers: late });
  await ask('addNote', 201, { id: held }, { body: { text: 'ring twice' } });
  await ask('cancelOrder', 200, { id: held }, { body: { reason: 'enough' }, headers: { 'idempotency-key': 'c' } });
  await ask('completeOrder', 409, { id: held });
  const goods = { lines: [{ lineId: idOf('line', 9), qty: 1, condition: 'sellable' }] };
  await ask('recordReturn', 400, { id: held }, { body: goods });
  await ask('recordReturn', 409, { id: held }, { body: goods, headers: { 'idempotency-key': 'back' } });

  const id = await place('paid');
  const payment = paymentIdOf(id, 1);
  await openPayment(api, id, 900);
  await ask('listPayments', 200, { id });
  await ask('getPayment', 200, { id: payment });
  await ask('getPayment', 304, { id: payment }, { headers: { 'if-none-match': '*' } });
  await ask('getPayment', 404, { id: paymentIdOf(held, 2) });
  const wish = { reason: 'it was cold', amount: { amount: 100, currency: 'EUR' } };
  await ask('refundOrder', 400, { id }, { body: wish });
  await ask('refundOrder', 422, { id }, { body: { reason: 'cold' }, headers: { 'idempotency-key': 'r0' } });
  await ask('refundOrder', 202, { id }, { body: wish, headers: { 'idempotency-key': 'r1' } });
  const tooMuch = { ...wish, amount: { amount: 900, currency: 'EUR' } };
  const refused = await ask('refundOrder', 409, { id }, { body: tooMuch, headers: { 'idempotency-key': 'r2' } });
  expect(refused.body.type).to.equal('/problems/refund-exceeds-captured');
  await ask('syncPayment', 202, { id: payment });
  await ask('syncPayment', 200, { id: payment }, { headers: { prefer: 'wait=5' } });
  await ask('syncPayment', 404, { id: paymentIdOf(held, 2) });
  await ask('returnFromPayment', 303, { id: payment });
  await ask('returnFromPayment', 404, { id: paymentIdOf(held, 2) });
  const keyed = { 'idempotency-key': 'p1' };
  await ask('capturePayment', 400, { id: payment });
  await ask('capturePayment', 202, { id: payment }, { headers: keyed });
  await ask('voidPayment', 400, { id: payment }, { body: { reason: 'nobody came' } });
  await ask('voidPayment', 409, { id: payment }, { body: { reason: 'nobody came' }, headers: keyed });
  await ask('requestPayment', 400, { id });
  await ask('requestPayment', 409, { id }, { headers: keyed });
  const more = { body: { add: [{ sku: 'soup', quantity: 1 }] }, headers: { 'if-match': '*', ...keyed } };
  await ask('amendOrder', 400, { id }, { ...more, headers: { 'if-match': '*' } });
  await ask('amendOrder', 428, { id }, { ...more, headers: keyed });
  await ask('amendOrder', 412, { id }, { ...more, headers: { 'if-match': '"r0"', ...keyed } });
  await ask('amendOrder', 422, { id }, { ...more, body: {}, headers: { 'if-match': '*', 'idempotency-key': 'p2' } });
  await ask('amendOrder', 200, { id }, { ...more, query: '?dryRun=true' });
  await ask('amendOrder', 201, { id }, more);
  await ask('amendOrder', 409, { id: held }, more);
  const counts = { body: { decision: 'accept' }, headers: { 'idempotency-key': 'm1' } };
  await ask('resolveMismatch', 400, { id: payment }, { body: counts.body });
  await ask('resolveMismatch', 409, { id: payment }, counts);
  await ask('resolveMismatch', 404, { id: paymentIdOf(held, 2) }, counts);
  const dollars = await payAnother(api, id, 8, { amount: 300, currency: 'USD' });
  const stale = { ...counts, headers: { ...counts.headers, 'if-match': '"r9"' } };
  await ask('resolveMismatch', 412, { id: dollars }, stale);
  await ask('resolveMismatch', 409, { id: dollars }, counts);
  await ask('resolveMismatch', 200, { id: dollars }, { ...counts, body: { decision: 'reject', reason: 'not ours' } });
  await ask('payLater', 409, { id });
  const waiting = await place('waiting');
  const later = { promisedAt: new Date(Date.now() + 86_400_000).toISOString() };
  await ask('changePromise', 200, { id: waiting }, { body: later, headers: { 'if-match': '*' } });
  await ask('requestPayment', 200, { id: waiting }, { headers: keyed });
  await ask('payLater', 422, { id: waiting });
  const refund = await requestRefund(api, payment, 1);
  const yes = { headers: { 'idempotency-key': 'a1' } };
  const no = { body: { reason: 'no' }, headers: { 'idempotency-key': 'a2' } };
  await ask('approveRefund', 400, { id: payment, refundId: refund });
  await ask('approveRefund', 200, { id: payment, refundId: refund }, yes);
  await ask('approveRefund', 200, { id: payment, refundId: refund }, yes);
  await ask('rejectRefund', 409, { id: payment, refundId: refund }, no);
  const other = await requestRefund(api, payment, 2);
  await ask('rejectRefund', 400, { id: payment, refundId: other }, { body: no.body });
  await ask('rejectRefund', 200, { id: payment, refundId: other }, no);
  await ask('approveRefund', 409, { id: payment, refundId: other }, yes);
  await ask('approveRefund', 404, { id: payment, refundId: refundIdOf(payment, 'nothing') }, yes);
  const [third, fourth] = [await requestRefund(api, payment, 3), await requestRefund(api, payment, 4)];
  await ask('approveRefundById', 404, { refundId: third }, yes);
  for (const one of [third, fourth]) await openApproval(api, payment, one);
  await ask('approveRefundById', 400, { refundId: third });
  await ask('approveRefundById', 200, { refundId: third }, yes);
  await ask('rejectRefundById', 409, { refundId: third }, no);
  await ask('rejectRefundById', 400, { refundId: fourth }, { body: no.body });
  await ask('rejectRefundById', 200, { refundId: fourth }, no);
  const [line] = (await ask('getOrder', 200, { id })).body.lines as { lineId: string }[];
  const one = { reason: 'no tuna', lines: [{ lineId: line?.lineId, qty: 1 }] };
  await ask('cancelOrder', 200, { id }, { body: one, headers: keyed });
  const tooMany = { ...one, lines: [{ lineId: line?.lineId, qty: 9 }] };
  await ask('cancelOrder', 409, { id }, { body: tooMany, headers: { 'idempotency-key': 'p3' } });
  await ask('cancelOrder', 202, { id }, { body: { reason: 'enough' }, headers: { 'idempotency-key': 'p4' } });
}

/** What the process of tasks does about a refund that has to be approved. */
async function openApproval(api: TestApi, paymentId: PaymentId, refundId: RefundId): Promise<void> {
  const taskId = taskIdOf('refund_approval', refundId);
  const wish = {
    taskId,
    kind: 'refund_approval',
    about: { paymentId, refundId },
    text: 'so much',
    openedAt: dueAt,
  } as const;
  await api.executor.execute(task, taskStream(taskId), { type: 'OpenTask', task: wish }, byTest());
  // seen to or not, it knows its payment
  await api.executor.execute(task, taskStream(taskId), { type: 'CompleteTask', by: 'test', at: dueAt }, byTest());
}

/** The payment of an order, captured and counted. */
async function openPayment(api: TestApi, orderId: OrderId, cents: number): Promise<void> {
  const paymentId = paymentIdOf(orderId, 1);
  const amount = { amount: cents, currency: 'EUR' };
  const dueAt = new Date().toISOString();
  const stream = paymentStream(paymentId);
  await api.executor.execute(payment, stream, { type: 'OpenPayment', paymentId, orderId, amount, dueAt }, byTest());
  await api.executor.execute(
    payment,
    stream,
    {
      type: 'RecordProviderState',
      orderId,
      observation: {
        sessionId: 'cs_1',
        sessionStatus: 'complete',
        paymentStatus: 'paid',
        amount,
        intentId: 'pi_1',
        readAt: dueAt,
      },
      seenBy: 'poll',
    },
    byTest(),
  );
  await api.executor.execute(
    order,
    orderStream(orderId),
    { type: 'ApplyPayment', paymentId, intentId: 'pi_1', amount, method: 'card' },
    byTest(),
  );
}

/** Another payment of the order, of 500 cents, and what was paid instead. */
async function payAnother(api: TestApi, orderId: OrderId, ordinal: number, amount: Money): Promise<PaymentId> {
  const paymentId = paymentIdOf(orderId, ordinal);
  const stream = paymentStream(paymentId);
  const wish = { paymentId, orderId, ordinal, amount: { amount: 500, currency: 'EUR' }, dueAt } as const;
  await api.executor.execute(payment, stream, { type: 'OpenPayment', ...wish }, byTest());
  const observation = {
    sessionId: 'cs_8',
    sessionStatus: 'complete',
    paymentStatus: 'paid',
    amount,
    intentId: 'pi_8',
    readAt: dueAt,
  } as const;
  const said = { type: 'RecordProviderState', orderId, observation, seenBy: 'poll' } as const;
  await api.executor.execute(payment, stream, said, byTest());
  return paymentId;
}

async function requestRefund(api: TestApi, paymentId: PaymentId, n: number): Promise<RefundId> {
  const refundId = refundIdOf(paymentId, `wish ${n}`);
  await api.executor.execute(
    payment,
    paymentStream(paymentId),
    {
      type: 'RequestRefund',
      refundId,
      intentId: 'pi_1',
      amount: { amount: 100, currency: 'EUR' },
      reason: 'goodwill',
      approval: 'required',
      requestedBy: 'admin/local',
      requestedAt: new Date().toISOString(),
    },
    byTest(),
  );
  return refundId;
}
