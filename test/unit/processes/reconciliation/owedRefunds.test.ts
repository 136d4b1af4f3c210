import { expect } from 'chai';
import { refundIdOf } from '../../../../src/commands/identity.js';
import type { RecordedEvent } from '../../../../src/domain/events.js';
import { fold } from '../../../../src/domain/kernel/aggregate.js';
import { orderStream, paymentStream } from '../../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../../src/domain/order/index.js';
import { payment, type PaymentEvent } from '../../../../src/domain/payment/index.js';
import type { Related } from '../../../../src/processes/engine/related.js';
import type { Finding } from '../../../../src/processes/reconciliation/finding.js';
import { owedFindings } from '../../../../src/processes/reconciliation/owedRefunds.js';
import { anOrder, aPayment, eur } from '../../../support/fixtures.js';
import { histories as orders, refundDue } from '../../domain/order/histories.js';
import {
  captured,
  foreignRefund,
  foreignRefundFailed,
  histories as payments,
  refundRequested,
} from '../../domain/payment/histories.js';
import { recorded } from '../support/recorded.js';

/** Events happen at 12:00: see `recorded`. */
const SOON = '2024-05-04T12:15:00.000Z';
const LATER = '2024-05-04T12:15:00.001Z';

const ordersStream = orderStream(anOrder);
const paymentsStream = paymentStream(aPayment);
const due = refundDue(500, 'goodwill', 'wish:1');
const orderWith = (...events: readonly OrderEvent[]) => [...orders.confirmed, due, ...events];
/** The event that says that the money is due. */
const dueEvent = recorded(ordersStream, due, orders.confirmed.length);
const refundId = refundIdOf(aPayment, dueEvent.id);
const requested = (change: Parameters<typeof refundRequested>[0] = {}): PaymentEvent =>
  refundRequested({ refundId, amount: eur(500), ...change });
const approved: PaymentEvent = { type: 'RefundApproved', data: { refundId, by: 'policy' } };
const submitted: PaymentEvent = { type: 'RefundSubmitted', data: { refundId, providerRefundId: 're_1' } };
const succeeded: PaymentEvent = { type: 'RefundSucceeded', data: { refundId, amount: eur(500) } };
const applied: OrderEvent = { type: 'RefundApplied', data: { paymentId: aPayment, refundId, amount: eur(500) } };

async function found(
  events: readonly OrderEvent[],
  paymentEvents: readonly PaymentEvent[],
  { now = LATER, unreadable = false }: { readonly now?: string; readonly unreadable?: boolean } = {},
): Promise<readonly Finding[]> {
  const history = new Map<string, readonly RecordedEvent[]>([
    [ordersStream, events.map((event, revision) => recorded(ordersStream, event, revision))],
    [paymentsStream, paymentEvents.map((event, revision) => recorded(paymentsStream, event, revision))],
  ]);
  const states = new Map<string, unknown>([
    [ordersStream, fold(order, order.initial, events)],
    [paymentsStream, fold(payment, payment.initial, paymentEvents)],
  ]);
  const findings: Finding[] = [];
  const parts = {
    leftovers: { refundsOwed: () => Promise.resolve([anOrder]) },
    related: { latest: (_: unknown, stream: string) => Promise.resolve(states.get(stream)) } as unknown as Related,
    history: (stream: string) =>
      unreadable ? Promise.reject(new Error('event 3 cannot be read')) : Promise.resolve(history.get(stream) ?? []),
  };
  for await (const finding of owedFindings(parts, now)) findings.push(finding);
  return findings;
}

describe('money that an order owes', () => {
  it('is found where no payment was asked for it, with the event to be heard again', async () => {
    const [finding, ...more] = await found(orderWith(), payments.captured);
    expect(more).to.deep.equal([]);
    expect(finding).to.deep.include({ key: `due ${dueEvent.id}`, about: { orderId: anOrder } });
    expect(finding?.again).to.deep.equal({ process: 'refund', recorded: dueEvent });
  });

  it('may be on its way for a quarter of an hour', async () => {
    expect(await found(orderWith(), payments.captured, { now: SOON })).to.deep.equal([]);
  });

  it('is under way once a payment was asked for it, whatever becomes of that', async () => {
    for (const refund of [[requested()], [requested({ approval: 'required' })], [requested(), approved, submitted]]) {
      expect(await found(orderWith(), [...payments.captured, ...refund])).to.deep.equal([]);
    }
  });

  it('is nobody’s where the order knows that no payment can give it back', async () => {
    const failed: OrderEvent = {
      type: 'RefundFailedNoted',
      data: { paymentId: aPayment, refundId, amount: eur(500), code: 'nothing-left' },
    };
    expect(await found(orderWith(failed), payments.captured)).to.deep.equal([]);
  });

  it('is for people to look at where only a part of it was asked for', async () => {
    const [finding] = await found(orderWith(), [...payments.captured, requested({ amount: eur(200) })]);
    expect(finding?.text).to.contain('300 minor units of EUR');
    expect(finding).not.to.have.property('again');
  });

  it('is known under the name that it has where a payment was captured twice', async () => {
    const twice = [...payments.captured, captured({ intentId: 'pi_2', late: true })];
    const named = refundIdOf(aPayment, `${dueEvent.id}/pi_2`);
    expect(await found(orderWith(), [...twice, requested({ refundId: named, intentId: 'pi_2' })])).to.deep.equal([]);
    expect(await found(orderWith(), twice)).to.have.length(1);
  });

  it('has gone back, and the order is yet to be told: that word is to be heard again', async () => {
    const told = [...payments.captured, requested(), approved, submitted, succeeded];
    const [finding] = await found(orderWith(), told);
    expect(finding?.about).to.deep.equal({ orderId: anOrder, paymentId: aPayment });
    expect(finding?.again?.recorded.event).to.deep.equal(succeeded);
    expect(await found(orderWith(applied), told)).to.deep.equal([]);
  });

  it('failed to go back after it looked good: the last word counts', async () => {
    const failed: PaymentEvent = { type: 'RefundFailed', data: { refundId, amount: eur(500), code: 'lost' } };
    const told = [...payments.captured, requested(), approved, submitted, succeeded, failed];
    expect((await found(orderWith(applied), told))[0]?.again?.recorded.event).to.deep.equal(failed);
  });

  it('was given back at the provider’s desk, and the order is yet to be told', async () => {
    const foreign: PaymentEvent = {
      type: 'ForeignRefundRecorded',
      data: { providerRefundId: 're_9', amount: eur(100), intentId: 'pi_1' },
    };
    const [finding] = await found(orderWith(applied), [
      ...payments.captured,
      requested(),
      approved,
      succeeded,
      foreign,
    ]);
    expect(finding?.again?.recorded.event).to.deep.equal(foreign);
  });

  it('was given back at the provider’s desk and failed there: an order that counts it is told, and no other', async () => {
    const told: readonly PaymentEvent[] = [
      ...payments.captured,
      requested(),
      approved,
      succeeded,
      foreignRefund(),
      foreignRefundFailed,
    ];
    const counted: OrderEvent = {
      type: 'RefundApplied',
      data: { paymentId: aPayment, refundId: 're_9', amount: eur(700), foreign: true },
    };
    const [finding, ...more] = await found(orderWith(applied, counted), told);
    expect(more).to.deep.equal([]);
    expect(finding?.again?.recorded.event).to.deep.equal(foreignRefundFailed);
    const noted: OrderEvent = {
      type: 'RefundFailedNoted',
      data: { paymentId: aPayment, refundId: 're_9', amount: eur(700), code: 'lost', foreign: true },
    };
    expect(await found(orderWith(applied, counted, noted), told)).to.deep.equal([]);
    expect(await found(orderWith(applied), told)).to.deep.equal([]);
  });

  it('keeps nobody else waiting where one history cannot be read', async () => {
    const [finding] = await found(orderWith(), payments.captured, { unreadable: true });
    expect(finding?.text).to.contain('event 3 cannot be read');
    expect(finding).not.to.have.property('again');
  });
});
