import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { eur } from '../../support/fixtures.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';
import { askRefund, paidOrder } from './refunds.js';

const A_DAY_MINUTES = 24 * 60;

describe("the provider's book of a day, against ours", function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 9);
    await race.article('cake', 9);
  });
  afterEach(() => race.leave());

  const paymentOf = (id: string): string => `payment-${paymentIdOf(id as OrderId, 1)}`;
  /** The day of the only charge, or of the newest, as the provider has it; and the day after. */
  async function days(): Promise<readonly [string, string]> {
    const { charges } = await race.ledger();
    const at = Math.max(...charges.map(({ created }) => created)) * 1_000;
    return [at, at + 86_400_000].map((time) => new Date(time).toISOString().slice(0, 10)) as [string, string];
  }
  const rows = async (day: string) => {
    const { rows: found } = await race.dayBook(day);
    return found.map(({ what, provider, ours }) => [
      what,
      [provider.count, provider.amount],
      [ours.count, ours.amount],
    ]);
  };
  const texts = async (day: string) => (await race.dayBook(day)).findings.map(({ text }) => text);

  it('balances, and has nothing of the days before and after', async () => {
    const id = await paidOrder(race, 'first');
    await paidOrder(race, 'second');
    expect((await askRefund(race, id, 'some', 400)).status).to.equal(202);
    await race.refunded(400);
    await race.rest();
    const [today, tomorrow] = await days();
    expect(await rows(today)).to.deep.equal([
      ['payments', [2, 2_000], [2, 2_000]],
      ['refunds', [1, 400], [1, 400]],
    ]);
    expect(await texts(today)).to.deep.equal([]);
    expect(await race.dayBook(tomorrow)).to.deep.equal({ rows: [], findings: [] });
    expect(await race.dayBook('2020-02-29')).to.deep.equal({ rows: [], findings: [] });
  });

  it('counts what was told on a later day with the day on which it was made', async () => {
    const id = await race.place('late');
    const link = await race.link(id);
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link)).to.equal('paid');
    const [day, after] = await days();
    expect(await rows(day)).to.deep.equal([['payments', [1, 1_000], [0, 0]]]);
    expect(await texts(day)).to.deep.equal([
      `session ${String(race.data(paymentOf(id), 'CheckoutSessionCreated')[0]?.['sessionId'])} is not recorded: PaymentCaptured`,
    ]);
    race.forward(A_DAY_MINUTES);
    race.script({ webhooks: { hold: false } });
    await until('it is told', () => race.types(paymentOf(id)).includes('PaymentCaptured'));
    await race.rest();
    expect(await rows(day)).to.deep.equal([['payments', [1, 1_000], [1, 1_000]]]);
    expect(await texts(day)).to.deep.equal([]);
    expect((await rows(after)).filter(([what]) => what === 'payments')).to.deep.equal([]);
  });

  it("finds a refund that was made at the provider's desk and never told", async () => {
    const id = await paidOrder(race, 'by-hand');
    const [today] = await days();
    race.script({ webhooks: { hold: true } });
    const { charges } = await race.ledger();
    await race.atTheProvider('/v1/refunds', { payment_intent: charges[0]?.paymentIntent ?? '', amount: '700' });
    expect(await rows(today)).to.deep.equal([
      ['payments', [1, 1_000], [1, 1_000]],
      ['refunds', [1, 700], [0, 0]],
    ]);
    expect((await texts(today)).join()).to.match(/^refund re_\w+ is not recorded: ForeignRefundRecorded$/);
    race.script({ webhooks: { hold: false } });
    await until('it is told', () => race.types(paymentOf(id)).includes('ForeignRefundRecorded'));
    await race.rest();
    expect((await rows(today))[1]).to.deep.equal(['refunds', [1, 700], [1, 700]]);
    expect(await texts(today)).to.deep.equal([]);
  });

  it('counts no refund that failed, on neither side', async () => {
    const id = await paidOrder(race, 'failed');
    expect((await askRefund(race, id, 'first', 1_000)).status).to.equal(202);
    await until('it went', () => race.types(paymentOf(id)).includes('RefundSucceeded'));
    const [submitted] = race.data(paymentOf(id), 'RefundSubmitted');
    const failure = { status: 'failed', failureReason: 'lost_or_stolen_card' };
    await race.atTheProvider(`/simulator/refunds/${String(submitted?.['providerRefundId'])}`, failure);
    await until('it failed', () => race.types(paymentOf(id)).includes('RefundFailed'));
    await race.rest();
    const [today] = await days();
    expect(await rows(today)).to.deep.equal([['payments', [1, 1_000], [1, 1_000]]]);
    expect(await texts(today)).to.deep.equal([]);
  });

  it("counts a refund of the provider's desk that failed on our side alone until that is told, and then on neither", async () => {
    const id = await paidOrder(race, 'desk-failed');
    const { charges } = await race.ledger();
    const made = await race.atTheProvider('/v1/refunds', {
      payment_intent: charges[0]?.paymentIntent ?? '',
      amount: '700',
    });
    await until('it is told', () => race.types(paymentOf(id)).includes('ForeignRefundRecorded'));
    await race.rest();
    race.script({ webhooks: { hold: true } });
    await race.atTheProvider(`/simulator/refunds/${String(made['id'])}`, { status: 'failed' });
    const [today] = await days();
    expect((await rows(today))[1]).to.deep.equal(['refunds', [0, 0], [1, 700]]);
    expect((await texts(today)).join()).to.match(/^refund re_\w+ is not recorded: ForeignRefundFailed$/);
    race.script({ webhooks: { hold: false } });
    await until('it is told', () => race.types(paymentOf(id)).includes('ForeignRefundFailed'));
    await race.rest();
    expect(await rows(today)).to.deep.equal([['payments', [1, 1_000], [1, 1_000]]]);
    expect(await texts(today)).to.deep.equal([]);
  });

  it('finds money that only we have: taken, and given back', async () => {
    const id = await paidOrder(race, 'only-ours');
    await race.tellPayment(id, {
      type: 'RecordProviderState',
      orderId: id as OrderId,
      observation: {
        sessionId: 'cs_nowhere',
        sessionStatus: 'complete',
        paymentStatus: 'paid',
        amount: eur(1_000),
        intentId: 'pi_nowhere',
        readAt: new Date().toISOString(),
      },
      seenBy: 'webhook',
    });
    await race.tellPayment(id, {
      type: 'RecordRefundState',
      providerRefundId: 're_nowhere',
      intentId: 'pi_nowhere',
      status: 'succeeded',
      amount: eur(300),
    });
    await race.rest();
    const [today] = await days();
    const ours = (await rows(today)).find(([what]) => what === 'payments');
    expect(ours).to.deep.equal(['payments', [1, 1_000], [2, 2_000]]);
    const found = (await texts(today)).join('; ');
    expect(found).to.match(/recorded the money of pi_nowhere at .*, and the provider has none of it/);
    expect(found).to.match(/recorded refund re_nowhere at .*, and the provider has none of it/);
  });
});
