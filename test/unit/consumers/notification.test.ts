import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import type { CommandContext } from '../../../src/commands/executor/contract.js';
import { notificationConsumer } from '../../../src/consumers/index.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { NOTICED_TYPES } from '../../../src/consumers/notification/notices.js';
import type { Mail } from '../../../src/consumers/notification/ports/mailTransport.js';
import { languageOf, render } from '../../../src/consumers/notification/render.js';
import type { Contact } from '../../../src/domain/kernel/person.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { personalData } from '../../../src/infrastructure/crypto/personalData.js';
import type { Queryable } from '../../../src/subscriptions/ports/database.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, main, orderLine, placedOrder, sku } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { inMemorySubjectKeys } from '../../support/inMemory/ports.js';

const ada: Contact = { name: 'Ada', email: 'ada@example.com' };

/** An order of somebody, and whoever writes to them; the inbox has every mail begun. */
async function world({ contact = ada, locale = 'en' }: { contact?: Contact | undefined; locale?: string } = {}) {
  const store = new InMemoryEventStore();
  const executor = createExecutor({ eventStore: store, random: () => 0 });
  const keys = inMemorySubjectKeys();
  const people = personalData(keys, 'a secret of this suite');
  const mails: Mail[] = [];
  const database: Queryable = { query: () => Promise.resolve({ rows: [], rowCount: 1 }) };
  const consumer = notificationConsumer({
    executor,
    personalData: people,
    database,
    mails: {
      send: (mail) => {
        mails.push(mail);
        return Promise.resolve({ _tag: 'Sent' });
      },
    },
    doubtful: () => undefined,
  });
  let count = 0;
  const ask = (command: OrderCommand) => {
    const context: CommandContext = {
      commandId: `command-${++count}`,
      correlationId: 'c',
      causationId: null,
      actor: { kind: 'admin', id: 'admin/local' },
      tenant: 'main',
      at,
    };
    return executor.execute(order, orderStream(anOrder), command, context);
  };
  await ask({
    type: 'PlaceOrder',
    order: placedOrder({
      lines: [orderLine(1, { track: false })],
      gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
      locale,
      contact: await people.seal(anOrder, 'contact', contact),
    }),
    acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
    allowedModes: ['pickup'],
  });
  const tell = async (type: string, data: unknown, id = 'event-1'): Promise<Mail | undefined> => {
    const message = { id, type, time: at, data } as CloudEvent<unknown>;
    const before = mails.length;
    await consumer.handle({ message, attempt: 1 });
    return mails[before];
  };
  return { ask, tell, keys, mails };
}

const linkReady = { paymentId: aPayment, orderId: anOrder, orderNumber: 'N', amount: eur(1000), dueAt };
const refunded = {
  refundId: idOf('refund', 1),
  paymentId: aPayment,
  orderId: anOrder,
  amount: eur(1234),
  reason: 'goodwill',
};
const ticket = (mode: string) => ({
  ticket: {
    ticketId: idOf('ticket', 1),
    orderId: anOrder,
    orderNumber: 'N',
    locationId: main,
    mode,
    items: [],
    rush: false,
    openedAt: at,
    pickupNo: 17,
  },
  readyAt: at,
});
const dispatched = {
  shipment: {
    shipmentId: idOf('shipment', 1),
    orderId: anOrder,
    orderNumber: 'N',
    locationId: main,
    lines: [{ lineId: idOf('line', 1), sku: sku('tea'), name: 'Tea', qty: 2 }],
    carrier: 'post',
    dispatchedAt: at,
    trackingNo: 'RR1',
  },
};

describe('Mails to customers', () => {
  it('go to the address of the order, named by their event, with a Message-ID of its own', async () => {
    const { tell } = await world();
    const mail = await tell('refund.succeeded.v1', refunded, 'event-7');
    expect(mail).to.deep.include({
      eventId: 'event-7',
      to: { name: 'Ada', address: 'ada@example.com' },
      messageId: '<event-7@mail.comanda.invalid>',
      date: at,
      language: 'en',
    });
    expect(mail?.text).to.match(/^Hello Ada,\n\nwe have sent €12\.34 back to you/);
  });

  it('are in the language of the order, and in English where we do not speak it', async () => {
    const german = await (await world({ locale: 'de-AT' })).tell('refund.succeeded.v1', refunded);
    expect(german?.text).to.match(/^Guten Tag Ada,\n\nwir haben Ihnen 12,34\s€ zurückgesandt/);
    expect([undefined, 'de', 'de-AT', 'en-GB', 'fr', 'constructor'].map(languageOf)).to.deep.equal([
      'en',
      'de',
      'de',
      'en',
      'en',
      'en',
    ]);
  });

  it('say where to pay only while the order waits for that payment', async () => {
    const { ask, tell } = await world();
    expect(await tell('payment.link_ready.v1', linkReady)).to.equal(undefined);
    const url = 'http://pay.example/1?a=1&b=2';
    await ask({ type: 'AttachPaymentLink', paymentId: aPayment, url, expiresAt: dueAt });
    const dearer = { ...linkReady, amount: eur(1500) };
    expect(await tell('payment.link_ready.v1', dearer), 'another page takes its place').to.equal(undefined);
    expect((await tell('payment.link_ready.v1', linkReady))?.text).to.contain(`\n${url}\n`);
    await ask({ type: 'ApplyPayment', paymentId: aPayment, intentId: 'pi_1', amount: eur(2000), method: 'card' });
    expect(await tell('payment.link_ready.v1', linkReady)).to.equal(undefined);
  });

  it('say what came in, whatever the order costs', async () => {
    const { ask, tell } = await world();
    await ask({ type: 'ApplyPayment', paymentId: aPayment, intentId: 'pi_1', amount: eur(2100), method: 'card' });
    const { data } = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../contract/messages/golden/order.paid.v1.json'), 'utf8'),
    ) as { data: object };
    const payments = [{ paymentId: aPayment, amount: eur(2100), method: 'card' }];
    const mail = await tell('order.paid.v1', { ...data, payments });
    expect(mail?.text).to.contain('we have received €21.00');
  });

  it('say of what came in for an order that is over that it goes back, and not that anybody begins', async () => {
    const { ask, tell } = await world();
    await ask({ type: 'ExpireOrder', at: dueAt });
    await ask({ type: 'ApplyPayment', paymentId: aPayment, intentId: 'pi_1', amount: eur(1000), method: 'card' });
    const payments = [{ paymentId: aPayment, amount: eur(1000), method: 'card' }];
    const mail = await tell('order.paid.v1', { order: block(), payments });
    expect(mail?.subject).to.match(/^You get back what you paid/);
    expect(mail?.text).to.contain('received €10.00. Your order has ended').and.not.to.contain('getting to work');
  });

  it('say why an order cannot be cancelled any more, in the language of the order, unless it was all the same', async () => {
    const cancellationId = idOf('cancellation', 1);
    const declined = { order: block(), cancellationId, reason: 'no', by: 'customer', cause: 'the kitchen has begun' };
    const { ask, tell } = await world();
    const type = 'order.cancellation_declined.v1';
    expect((await tell(type, declined))?.text).to.contain('not possible any more: the kitchen has begun.');
    const german = (await (await world({ locale: 'de' })).tell(type, declined))?.text;
    expect(german).to.contain('die Küche hat schon angefangen');
    await ask({ type: 'RequestCancellation', cancellationId, reason: 'no', by: 'staff' });
    expect(await tell(type, declined)).to.equal(undefined);
  });

  it('ask for what came on top later, and say what it is for', async () => {
    const { ask, tell } = await world();
    const second = idOf('payment', 2);
    await ask({ type: 'ApplyPayment', paymentId: aPayment, intentId: 'pi_1', amount: eur(1000), method: 'card' });
    await ask({
      type: 'AmendOrder',
      amendmentId: idOf('amendment', 1),
      add: [orderLine(3, { qty: 1, track: false })],
      drop: [],
      settlement: 'none',
      by: 'staff',
      at,
      payments: [{ paymentId: second, ordinal: 2, dueAt }],
      maximum: eur(100_000),
    });
    const url = 'http://pay.example/2';
    await ask({ type: 'AttachPaymentLink', paymentId: second, url, expiresAt: dueAt });
    const ready = { ...linkReady, paymentId: second, amount: eur(500) };
    const text = (await tell('payment.link_ready.v1', ready))?.text;
    expect(text).to.contain(`\n${url}\n`).and.to.contain('€5.00').and.to.contain('costs more than you have paid');
    await ask({ type: 'ApplyPayment', paymentId: second, intentId: 'pi_2', amount: eur(500), method: 'card' });
    expect(await tell('payment.link_ready.v1', ready)).to.equal(undefined);
  });

  const block = () => {
    const file = new URL('../../contract/messages/golden/order.held.v1.json', import.meta.url);
    return (JSON.parse(readFileSync(file, 'utf8')) as { data: { order: object } }).data.order;
  };

  it('say that an order was declined and why, or ended unpaid, and what goes back', async () => {
    const { ask, tell } = await world();
    const reasons = [{ type: 'insufficient-stock', text: 'Tea: 2 wanted, 1 available' }];
    const declined = (await tell('order.rejected.v1', { order: block(), reasons }))?.text;
    expect(declined).to.contain('\n  Tea: 2 wanted, 1 available\n').and.not.to.contain('back');
    await ask({ type: 'ApplyPayment', paymentId: aPayment, intentId: 'pi_1', amount: eur(400), method: 'card' });
    await ask({ type: 'ExpireOrder', at: dueAt });
    const expired = (await tell('order.expired.v1', { order: block() }))?.text;
    expect(expired).to.contain('time to pay').and.to.contain('You get €4.00 back');
  });

  it('ask whoever ordered about what is short, while it is undecided, and about no other hold', async () => {
    const { ask, tell } = await world();
    const held = (kind: string) => ({ order: block(), kind, detail: 'Tea is not there', decideBy: dueAt });
    expect(await tell('order.held.v1', held('shortage'))).to.equal(undefined);
    await ask({ type: 'HoldOrder', kind: 'shortage', detail: 'Tea is not there', decideBy: dueAt });
    expect((await tell('order.held.v1', held('shortage')))?.text).to.contain('Tea is not there');
    expect(await tell('order.held.v1', held('review'))).to.equal(undefined);
  });

  it('call people to the counter who fetch their order, and nobody else', async () => {
    const { tell } = await world();
    expect((await tell('kitchen.ticket_ready.v1', ticket('pickup')))?.text).to.contain('Your number is 17.');
    expect(await tell('kitchen.ticket_ready.v1', ticket('delivery'))).to.equal(undefined);
    expect(await tell('kitchen.ticket_ready.v1', ticket('dine_in'))).to.equal(undefined);
  });

  it('say what has left, and by whom', async () => {
    const { tell } = await world();
    const text = (await tell('shipment.dispatched.v1', dispatched))?.text;
    expect(text).to.contain('post:\n\n  2 × Tea\n').and.to.contain('Tracking number: RR1');
  });

  it('are not written to who was erased, or gave no address; nothing is begun for them', async () => {
    const erased = await world();
    erased.keys.kept.clear();
    expect(await erased.tell('refund.succeeded.v1', refunded)).to.equal(undefined);
    expect(await (await world({ contact: { name: 'Ada' } })).tell('refund.succeeded.v1', refunded)).to.equal(undefined);
  });

  it('leave alone what is none of theirs, and turn away what breaks its contract', async () => {
    const { tell } = await world();
    expect(await tell('order.completed.v1', {})).to.equal(undefined);
    expect(await tell('constructor', {})).to.equal(undefined);
    const failure: unknown = await tell('refund.succeeded.v1', {}).catch((error: unknown) => error);
    expect(failure).to.have.property('name', 'MessageFault');
  });

  it('are bound to exactly what customers are told of', () => {
    expect([...NOTICED_TYPES].sort()).to.deep.equal([
      'kitchen.ticket_ready.v1',
      'order.cancellation_declined.v1',
      'order.cancelled.v1',
      'order.created.v1',
      'order.expired.v1',
      'order.held.v1',
      'order.hold_resolved.v1',
      'order.paid.v1',
      'order.rejected.v1',
      'payment.link_ready.v1',
      'refund.succeeded.v1',
      'shipment.dispatched.v1',
    ]);
  });

  it('can be written in every language, with nothing left open and nothing taken for markup', () => {
    const notices = {
      placed: {
        items: [
          {
            name: '<b>Tea</b> & "more"',
            qty: 2,
            net: eur(600),
            options: [
              { name: 'Milk', choice: 'Oat & soy', price: eur(35) },
              { name: 'Cup', choice: 'My own', price: eur(-10) },
              { name: 'Sugar', choice: 'None', price: undefined },
            ],
          },
        ],
        delivery: eur(250),
        tax: eur(114),
        tip: eur(60),
        total: eur(1024),
      },
      payment_link: { url: 'http://pay/?a=1&b=2', amount: eur(600), dueAt, more: false },
      paid: { amount: { amount: 600, currency: 'JPY' }, over: false },
      ready: { pickupNo: undefined },
      dispatched: {
        items: [{ name: 'Tea', qty: 2, options: [{ name: 'Milk', choice: 'Oat', price: eur(35) }] }],
        carrier: 'post',
        trackingNo: undefined,
      },
      cancelled: { reason: 'sold out', refund: eur(600) },
      not_cancelled: { cause: 'the kitchen has begun' },
      rejected: { reasons: ['Tea: 2 wanted, 1 available'], refund: eur(600) },
      expired: { refund: undefined },
      short: { detail: 'Tea: 2 wanted, 1 available', decideBy: dueAt },
      refunded: { amount: eur(600) },
    } as const;
    for (const language of ['en', 'de'] as const) {
      for (const [template, about] of Object.entries(notices)) {
        const { subject, text } = render(template as 'paid', language, {
          ...(about as (typeof notices)['paid']),
          name: '',
          number: 'N-1',
        });
        const whole = `${subject}\n${text}`;
        expect(whole, template).not.to.match(/undefined|<%|&amp;|\[object|NaN/);
        expect(subject, template).to.contain('N-1').and.not.to.contain('\n');
        expect(text, template).to.match(/\n\n.*N-1\n$/);
        if (template === 'dispatched') expect(text).to.contain('\n  2 × Tea\n      Milk: Oat\n');
        if (template === 'placed') {
          expect(text).to.match(
            /2 × <b>Tea<\/b> & "more": .*\n {6}Milk: Oat & soy \(.*\+.*\)\n {6}Cup: My own \(.*-.*\)\n {6}Sugar: None\n/,
          );
          for (const amount of ['6.00', '0.35', '0.10', '2.50', '1.14', '0.60', '10.24']) {
            expect(text).to.contain(language === 'de' ? amount.replace('.', ',') : amount);
          }
        }
        if (template === 'paid') expect(text).to.match(/¥600|600\s¥/);
      }
    }
  });
});
