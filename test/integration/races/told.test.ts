import { expect } from 'chai';
import { ticketIdOf } from '../../../src/commands/identity.js';
import { notificationConsumer } from '../../../src/consumers/index.js';
import type { Mail } from '../../../src/consumers/notification/ports/mailTransport.js';
import type { LocationId, OrderId } from '../../../src/domain/kernel/ids.js';
import { until } from '../../support/until.js';
import { enterRace, type RaceHouse } from './house.js';
import { paidUnheard } from './unheard.js';

describe('what customers are told of an order that ends otherwise than they wanted', function () {
  this.timeout(300_000);
  let race: RaceHouse;
  let mails: Mail[];
  beforeEach(async () => {
    mails = [];
    race = await enterRace({
      simulateKitchen: false,
      alsoTold: (parts) => [
        notificationConsumer({
          ...parts,
          // of an inbox that has every mail begun: how it keeps from sending one twice is shown where there is a real one
          database: { query: () => Promise.resolve({ rows: [], rowCount: 1 }) },
          mails: { send: (mail) => Promise.resolve(mails.push(mail)).then(() => ({ _tag: 'Sent' })) },
          doubtful: () => undefined,
        }),
      ],
    });
    await race.article('soup', 5);
  });
  afterEach(() => race.leave());

  async function place(key: string): Promise<string> {
    const body = {
      locationId: 'main',
      mode: 'pickup',
      lines: [{ sku: 'soup', quantity: 1 }],
      contact: { name: 'Ada', email: 'ada@example.com' },
    };
    const answer = await race.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': key } });
    expect(answer.status, answer.text).to.equal(201);
    return String(answer.body['id']);
  }
  const cancel = (id: string) =>
    race.request('POST', `/v1/orders/${id}/cancellations`, {
      body: { reason: 'we are ill' },
      headers: { 'idempotency-key': 'off' },
    });
  /** Subjects without the number of the order, those after where to pay. */
  const subjects = (): readonly string[] =>
    mails.slice(2).map(({ subject }) => subject.replace(/ ?\(?[A-Z0-9]{4}-[A-Z0-9-]+\)?/, ''));
  const text = (of: RegExp): string => mails.find(({ subject }) => of.test(subject))?.text ?? '';

  it('a payment comes after the order expired: that it has ended, and that all of the money comes back, never that anybody begins', async () => {
    const id = await place('unheard');
    await paidUnheard(race, id);
    await race.rest();
    race.script({ webhooks: { hold: false }, calls: [] });
    await race.refunded(1_000);
    await race.rest();
    expect(subjects()).to.deep.equal([
      'Your order has ended unpaid',
      'You get back what you paid for your order',
      'Money is on its way back to you',
    ]);
    expect(text(/^You get back/)).to.contain('received €10.00. Your order has ended');
    expect(text(/^Money/)).to.contain('we have sent €10.00 back to you');
    expect(mails.map((mail) => mail.text).join()).not.to.contain('getting to work');
  });

  it('an order is cancelled while it is paid: the same, and why', async () => {
    const id = await place('cancelled');
    const link = await race.link(id);
    await race.rest();
    race.script({ webhooks: { hold: true } });
    expect(await race.pay(link)).to.equal('paid');
    expect((await cancel(id)).body).to.include({ status: 'cancelled' });
    await race.refunded(1_000);
    race.script({ webhooks: { hold: false } });
    await race.rest();
    expect(subjects()).to.have.members([
      'Your order is cancelled',
      'You get back what you paid for your order',
      'Money is on its way back to you',
    ]);
    expect(text(/is cancelled$/)).to.contain('your order is cancelled: we are ill');
  });

  it('the kitchen was faster than who wanted to cancel: that it goes on, and why', async () => {
    const id = await place('begun');
    expect(await race.pay(await race.link(id))).to.equal('paid');
    const ticket = ticketIdOf(id as OrderId, 'main' as LocationId);
    await until('the ticket is there', () => race.types(`ticket-${ticket}`).length > 0);
    const { items } = (await race.request('GET', `/v1/kitchen/tickets/${ticket}`)).body as {
      items: readonly { readonly itemId: string }[];
    };
    const begun = await race.request('POST', `/v1/kitchen/tickets/${ticket}/items/${items[0]?.itemId}/start`);
    expect(begun.status, begun.text).to.equal(200);
    expect((await cancel(id)).status).to.equal(202);
    await race.rest();
    expect((await race.order(id)).cancellation).to.deep.include({ state: 'declined', cause: 'the kitchen has begun' });
    expect(subjects()).to.deep.equal(['Your order is paid', 'Your order could not be cancelled']);
    expect(text(/could not be cancelled$/)).to.contain('That was not possible any more: the kitchen has begun.');
  });
});
