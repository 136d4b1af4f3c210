import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { paymentIdOf } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';
import { askRefund, paidOrder } from './refunds.js';

const paymentOf = (id: string, ordinal = 1): string => paymentIdOf(id as OrderId, ordinal);
const eur = (amount: number) => ({ amount, currency: 'EUR' });

describe('disputes, and money that comes later or not at all', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  beforeEach(async () => {
    race = await enterRace({ simulateKitchen: false });
    await race.article('soup', 9);
    await race.article('cake', 9);
    const { revision: _, locationId: __, ...terms } = (await race.request('GET', '/v1/locations/main')).body;
    const changed = await race.request('PUT', '/v1/locations/main', {
      body: { ...terms, payLater: true, reason: 'regulars' },
      headers: { 'if-match': '*' },
    });
    expect(changed.status, changed.text).to.equal(200);
  });
  afterEach(() => race.leave());

  const types = (id: string, ordinal = 1) => race.types(`payment-${paymentOf(id, ordinal)}`);
  const shown = async (id: string) => (await race.request('GET', `/v1/orders/${id}`)).body;
  const balance = async (): Promise<number> => (await race.ledger()).currencies['eur']?.balance ?? 0;
  const tasks = async (kind: string): Promise<number> =>
    ((await race.request('GET', `/v1/tasks?kind=${kind}`)).body['items'] as readonly unknown[]).length;
  const askPayment = (id: string, headers: Readonly<Record<string, string>> = {}) =>
    race.request('POST', `/v1/orders/${id}/payments`, {
      headers: { 'idempotency-key': randomUUID(), ...headers },
    });
  const amend = (id: string, body: object) =>
    race.request('POST', `/v1/orders/${id}/amendments`, {
      body,
      headers: { 'if-match': '*', 'idempotency-key': randomUUID(), prefer: 'wait=30' },
    });
  async function laterOrder(key: string): Promise<string> {
    const body = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }], payLater: true };
    const placed = await race.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': key } });
    expect(placed.status, placed.text).to.equal(201);
    return String(placed.body['id']);
  }

  it('a payer disputes a charge: a task says so until the bank has decided, however the words of it come', async () => {
    const ends = ['won', 'lost'] as const;
    const ids: string[] = [];
    for (const end of ends) ids.push(await paidOrder(race, `disputed-${end}`));
    const { charges } = await race.ledger();
    const intentOf = (id: string): string =>
      String(race.data(`payment-${paymentOf(id)}`, 'PaymentCaptured')[0]?.['intentId']);
    expect(charges.map(({ paymentIntent }) => paymentIntent)).to.have.members(ids.map(intentOf));
    const disputes = await Promise.all(
      ids.map((id) => race.atTheProvider('/simulator/disputes', { paymentIntent: intentOf(id) })),
    );
    await until('both are told', async () => (await tasks('dispute')) === 2);
    for (const id of ids) {
      const { body } = await race.request('GET', `/v1/payments/${paymentOf(id)}`);
      expect(body['disputes']).to.have.nested.property('[0].status', 'needs_response');
      expect(body['disputes']).to.have.nested.property('[0].amount').that.deep.equals(eur(1_000));
    }
    race.script({ webhooks: { hold: true } });
    for (const [index, { id }] of disputes.entries()) {
      await race.atTheProvider(`/simulator/disputes/${String(id)}`, { status: 'under_review' });
      await race.atTheProvider(`/simulator/disputes/${String(id)}`, { status: ends[index] ?? '' });
    }
    race.script({ webhooks: { hold: false, copies: 2, order: 'newest_first' } });
    await until('both are over', async () => (await tasks('dispute')) === 0);
    await race.rest();
    for (const [index, id] of ids.entries()) {
      expect(race.data(`payment-${paymentOf(id)}`, 'DisputeClosed').map(({ outcome }) => outcome)).to.deep.equal([
        ends[index],
      ]);
      expect(types(id).filter((type) => type === 'DisputeOpened')).to.have.length(1);
      expect((await shown(id))['status'], 'the order goes on').to.be.oneOf(['confirmed', 'in_fulfilment']);
    }
  });

  it('nobody told of a dispute: whoever asks the provider finds it', async () => {
    const id = await paidOrder(race, 'unheard-dispute');
    race.script({ webhooks: { hold: true } });
    const { charges } = await race.ledger();
    await race.atTheProvider('/simulator/disputes', { paymentIntent: charges[0]?.paymentIntent ?? '' });
    await race.rest();
    expect(types(id)).not.to.include('DisputeOpened');
    await race.reconcile();
    await race.rest();
    expect([types(id).at(-1), await tasks('dispute')]).to.deep.equal(['DisputeOpened', 1]);
  });

  it('the provider closes the page before we do: the order expires, its stock is free, and nothing can be paid', async () => {
    const id = await race.place('closed-by-them');
    const link = await race.link(id);
    const session = String(race.data(`payment-${paymentOf(id)}`, 'CheckoutSessionCreated')[0]?.['sessionId']);
    await race.atTheProvider(`/v1/checkout/sessions/${session}/expire`, {});
    await until('we hear of it', () => types(id).includes('PaymentClosed'));
    await race.rest();
    expect(await race.pay(link)).to.equal('expired');
    race.forward(31);
    await race.reaches(id, 'expired');
    await race.rest();
    expect(types(id).filter((type) => type === 'PaymentClosed')).to.have.length(1);
    expect(await race.shelf('soup')).to.deep.equal({ onHand: 9, reserved: 0 });
    expect((await askPayment(id)).body['type']).to.equal('/problems/nothing-due');
    expect(await balance()).to.equal(0);
  });

  it('who pays later is served first, asked once for their money, and may be asked from several tills at once', async () => {
    const id = await laterOrder('later');
    await race.reaches(id, 'in_fulfilment');
    await race.rest();
    expect((await shown(id))['payment']).to.deep.include({ status: 'pending', captured: eur(0) });
    expect(await tasks('authorization_lost')).to.equal(0);
    const answers = await Promise.all(
      [1, 2, 3].map((till) => askPayment(id, { prefer: 'wait=30', 'idempotency-key': `${till}` })),
    );
    expect(answers.map(({ status }) => status).sort(), answers[0]?.text).to.deep.equal([200, 200, 201]);
    for (const { body, headers } of answers) {
      expect(body).to.deep.include({ paymentId: paymentOf(id, 2), amount: eur(1_000) });
      expect(body['link']).to.equal(answers[0]?.body['link']);
      expect([headers.get('preference-applied'), headers.get('retry-after')]).to.deep.equal(['wait=30', null]);
    }
    expect((await shown(id))['payment'], 'the customer sees where to pay').to.deep.include({
      link: answers[0]?.body['link'],
    });
    const paid = await Promise.all([1, 2].map(() => race.pay(String(answers[0]?.body['link']))));
    expect(paid).to.include('paid');
    await race.rest();
    expect((await shown(id))['payment']).to.deep.include({ status: 'paid', captured: eur(1_000) });
    expect((await askPayment(id)).body['type']).to.equal('/problems/nothing-due');
    expect(await balance()).to.equal(1_000);
  });

  it('who pays later calls off while they pay: all of it goes back', async () => {
    const waits = [0, 5, 20] as const;
    const ids = await Promise.all(waits.map((wait) => laterOrder(`later-${wait}`)));
    await Promise.all(ids.map((id) => race.reaches(id, 'in_fulfilment')));
    await race.rest();
    const links = await Promise.all(
      ids.map(async (id) => String((await askPayment(id, { prefer: 'wait=30' })).body['link'])),
    );
    await Promise.all(
      ids.map(async (id, index) => {
        const off = race.request('POST', `/v1/orders/${id}/cancellations`, {
          body: { reason: 'gone' },
          headers: { 'idempotency-key': 'off' },
        });
        await sleep(waits[index] ?? 0);
        const [answer] = await Promise.all([off, race.pay(links[index] ?? '').catch(() => 'closed')]);
        expect(answer.status, answer.text).to.be.oneOf([200, 202]);
      }),
    );
    await Promise.all(ids.map((id) => race.reaches(id, 'cancelled')));
    await race.rest();
    expect(await balance()).to.equal(0);
    expect((await race.ledger()).sessions.open).to.equal(0);
    expect((await race.shelf('soup')).reserved).to.equal(0);
  });

  it('an amendment costs more: the difference has a link of its own, on the order too, and is paid once', async () => {
    const id = await paidOrder(race, 'dearer');
    const first = ((await shown(id))['payment'] as { link: string }).link;
    expect((await amend(id, { add: [{ sku: 'cake', quantity: 2 }] })).status).to.equal(201);
    const asked = await askPayment(id, { prefer: 'wait=30' });
    expect([asked.status, asked.body['paymentId'], asked.body['amount']], asked.text).to.deep.equal([
      200,
      paymentOf(id, 2),
      eur(2_000),
    ]);
    const { payment } = (await shown(id)) as { payment: { link: string; status: string } };
    expect([payment.link === first, payment.link, payment.status]).to.deep.equal([
      false,
      asked.body['link'],
      'partially_paid',
    ]);
    expect(await race.pay(payment.link)).to.equal('paid');
    await race.rest();
    expect((await shown(id))['payment']).to.deep.include({ status: 'paid', captured: eur(3_000) });
    expect(await balance()).to.equal(3_000);
  });

  it('an amendment costs less: what is too much goes back, or stays and counts for what comes next', async () => {
    const id = await paidOrder(race, 'cheaper');
    expect((await amend(id, { add: [{ sku: 'cake', quantity: 2 }] })).status).to.equal(201);
    const asked = await askPayment(id, { prefer: 'wait=30' });
    expect(await race.pay(String(asked.body['link']))).to.equal('paid');
    await race.rest();
    const cake = (await race.order(id)).lines.find(({ sku }) => sku === 'cake');
    const drop = (settlement: string) => amend(id, { drop: [{ lineId: cake?.lineId, qty: 1 }], settlement });
    // one of them stays with the order
    expect((await drop('none')).status).to.equal(201);
    await race.rest();
    expect([(await shown(id))['due'], await balance()]).to.deep.equal([eur(2_000), 3_000]);
    expect((await askPayment(id)).body['type']).to.equal('/problems/nothing-due');
    // and pays for what comes
    expect((await amend(id, { add: [{ sku: 'soup', quantity: 1 }] })).status).to.equal(201);
    await race.rest();
    expect((await shown(id))['payment']).to.deep.include({ status: 'paid' });
    expect(types(id, 3)).to.deep.equal([]);
    expect((await drop('refund')).status).to.equal(201);
    await race.refunded(1_000);
    await race.rest();
    expect([(await shown(id))['due'], await balance()]).to.deep.equal([eur(2_000), 2_000]);
    // no more than is left can go back as a favour
    expect((await askRefund(race, id, 'favour', 2_001)).status).to.equal(409);
  });

  it('a message about a difference is lost and comes again: there is one page to pay it at', async () => {
    const find = race.lose('payment.order-accepted');
    const id = await laterOrder('lost-link');
    await race.reaches(id, 'in_fulfilment');
    const asked = await askPayment(id, { prefer: 'wait=1', 'idempotency-key': 'mine' });
    expect([asked.status, asked.body['link'], asked.headers.get('retry-after')]).to.deep.equal([201, undefined, '1']);
    find();
    const again = await askPayment(id, { prefer: 'wait=30', 'idempotency-key': 'mine' });
    expect([again.status, again.headers.get('idempotent-replayed')], again.text).to.deep.equal([201, 'true']);
    expect(again.body['paymentId']).to.equal(asked.body['paymentId']);
    expect(await race.pay(String(again.body['link']))).to.equal('paid');
    await race.rest();
    expect((await race.ledger()).sessions).to.deep.include({ complete: 1, open: 0 });
  });
});
