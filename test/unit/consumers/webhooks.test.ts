import { expect } from 'chai';
import { recordWebhook } from '../../../src/consumers/payment/webhookInbox/recordWebhook.js';
import { paymentStream } from '../../../src/domain/kernel/streams.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import { anOrder, aPayment, at, eur, idOf } from '../../support/fixtures.js';
import { messageAfter } from './messageAfter.js';
import { clock, session, history, world, placeOn, deliver, failure } from './house.js';

describe('the webhook worker', () => {
  const entry = (change: Record<string, unknown> = {}, eventType = 'checkout.session.completed') => ({
    rowId: 1,
    attempts: 1,
    eventId: 'evt_1',
    eventType,
    body: JSON.stringify({
      id: 'evt_1',
      type: eventType,
      createdAt: at,
      live: false,
      object: { kind: 'checkout.session', id: session },
      ...change,
    }),
  });
  const ready = async () => {
    const all = world();
    await placeOn(all.executor);
    await deliver(all.pays, messageAfter(history));
    const { executor, provider } = all;
    return { ...all, work: recordWebhook({ executor, clock, provider, tenant: 'main' }) };
  };
  const lastOf = (types: readonly string[]) => types.at(-1);

  it('reads the session again and records what the provider says, once', async () => {
    const { work, provider, types, store } = await ready();
    provider.pay(session);
    expect(await work(entry())).to.equal(null);
    expect(await work(entry())).to.equal(null);
    expect(types(paymentStream(aPayment))).to.deep.equal([
      'PaymentOpened',
      'CheckoutSessionCreated',
      'PaymentCaptured',
    ]);
    const captured = store.events(paymentStream(aPayment)).at(-1);
    expect(captured?.data).to.include({ seenBy: 'webhook', providerEventId: 'evt_1', intentId: `pi_${session}` });
    expect(captured?.metadata).to.deep.include({ actor: { kind: 'provider', id: 'provider/webhook-inbox' } });
  });

  it('believes the provider, not the webhook: a session that is still open is not paid', async () => {
    const { work, types } = await ready();
    await work(entry());
    expect(lastOf(types(paymentStream(aPayment)))).to.equal('CheckoutSessionCreated');
  });

  it('finds the session of a webhook that names only the intent', async () => {
    const { work, provider, types } = await ready();
    provider.pay(session);
    const intent = { object: { kind: 'payment_intent', id: `pi_${session}` } };
    expect(await work(entry(intent, 'payment_intent.amount_capturable_updated'))).to.equal(null);
    expect(lastOf(types(paymentStream(aPayment)))).to.equal('PaymentCaptured');
  });

  it("hears that a refund of the provider's desk failed after it looked good, by whichever webhook tells of it", async () => {
    for (const eventType of ['charge.refund.updated', 'refund.failed']) {
      const { work, provider, store } = await ready();
      provider.pay(session);
      await work(entry());
      const made = {
        providerRefundId: 're_desk',
        status: 'succeeded' as const,
        amount: eur(700),
        intentId: `pi_${session}`,
        metadata: {},
      };
      const about = { object: { kind: 'refund', id: 're_desk' }, intentId: made.intentId };
      provider.refunds.set('re_desk', made);
      expect(await work({ ...entry(about, 'refund.created'), eventId: 'evt_2' })).to.equal(null);
      provider.refunds.set('re_desk', { ...made, status: 'failed', failureReason: 'lost_or_stolen_card' });
      expect(await work({ ...entry(about, eventType), eventId: 'evt_3' })).to.equal(null);
      expect(await work({ ...entry(about, eventType), eventId: 'evt_4' }), 'once').to.equal(null);
      const [recorded, failed, ...more] = store.events(paymentStream(aPayment)).slice(3);
      expect(recorded?.type).to.equal('ForeignRefundRecorded');
      expect([failed?.type, failed?.data], eventType).to.deep.equal([
        'ForeignRefundFailed',
        { providerRefundId: 're_desk', amount: eur(700), code: 'lost_or_stolen_card' },
      ]);
      expect(more).to.deep.equal([]);
    }
  });

  it('hears that a refund failed before it hears of the one by which its money went again', async () => {
    const { work, provider, store } = await ready();
    provider.pay(session);
    await work(entry());
    const intentId = `pi_${session}`;
    const made = { status: 'succeeded' as const, amount: eur(1000), intentId, metadata: {} };
    const about = { object: { kind: 'refund', id: 're_first' }, intentId };
    provider.refunds.set('re_first', { ...made, providerRefundId: 're_first' });
    await work({ ...entry(about, 'refund.created'), eventId: 'evt_2' });
    provider.refunds.clear();
    // whichever way round the provider lists them
    provider.refunds.set('re_second', { ...made, providerRefundId: 're_second' });
    provider.refunds.set('re_first', { ...made, providerRefundId: 're_first', status: 'failed' });
    provider.refunds.set('re_third', { ...made, providerRefundId: 're_third' });
    await work({ ...entry(about, 'refund.failed'), eventId: 'evt_3' });
    const heard = store.events(paymentStream(aPayment)).slice(4);
    expect(heard.map(({ type }) => type)).to.deep.equal([
      'ForeignRefundFailed',
      'ForeignRefundRecorded',
      'ForeignRefundRecorded',
    ]);
  });

  it('says why nothing came of a webhook', async () => {
    const { work, provider } = await ready();
    const foreign = { ...provider.sessions.get(session), sessionId: 'cs_foreign', metadata: {} };
    provider.sessions.set('cs_foreign', foreign as never);
    const unknown = {
      ...provider.sessions.get(session),
      metadata: { orderId: anOrder, paymentId: idOf('payment', 9) },
    };
    provider.sessions.set('cs_unknown', unknown as never);
    expect(await work(entry({}, 'customer.created'))).to.include('nothing follows');
    expect(await work({ ...entry(), body: '{' })).to.include('cannot be read');
    expect(await work(entry({ object: { kind: 'invoice', id: 'in_1' } }))).to.include('neither');
    expect(await work(entry({ object: { kind: 'checkout.session', id: 'cs_none' } }))).to.include('resource_missing');
    expect(await work(entry({ object: { kind: 'payment_intent', id: 'pi_none' } }))).to.include('no session');
    expect(await work(entry({ sessionId: 'cs_foreign' }))).to.include('no payment of ours');
    expect(await work(entry({ sessionId: 'cs_unknown' }))).to.include('NotFound');
  });

  it('has somebody see to a payment of our name that nobody opened, once, whatever the provider tells of it', async () => {
    const { work, provider, store } = await ready();
    const paymentId = idOf('payment', 9);
    const unknown = { ...provider.sessions.get(session), metadata: { orderId: anOrder, paymentId }, intentId: 'pi_9' };
    provider.sessions.set('cs_unknown', { ...unknown, sessionId: 'cs_unknown' } as never);
    const tasks = () => store.names('task').flatMap((stream) => store.events(stream));
    await work(entry({ sessionId: 'cs_unknown' }));
    await work({ ...entry({ sessionId: 'cs_unknown' }), eventId: 'evt_2' });
    expect(tasks().map(({ type, data }) => [type, (data as { about: unknown }).about])).to.deep.equal([
      ['TaskOpened', { paymentId }],
    ]);
    // what cannot be recorded of one that is known is in the log of the inbox
    await work(entry({}, 'refund.updated'));
    expect(tasks()).to.have.length(1);
  });

  it('throws a fault of the system while the provider is down', async () => {
    const { work, provider } = await ready();
    provider.down = true;
    expect(isSystemFault(await failure(work(entry())))).to.equal(true);
  });
});
