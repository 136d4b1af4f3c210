import { expect } from 'chai';
import { MessageFault } from '../../../src/consumers/ports/faults.js';
import { orderStream, paymentStream } from '../../../src/domain/kernel/streams.js';
import { type OrderEvent } from '../../../src/domain/order/index.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import { anOrder, aPayment, at, dueAt, eur } from '../../support/fixtures.js';
import { messageAfter } from './messageAfter.js';
import { session, untracked, history, world, placeOn, toPayment, deliver, failure } from './house.js';

describe('the payment consumer', () => {
  it('opens the payment, makes a session, attaches it, and puts the link on the order', async () => {
    const { store, executor, provider, pays, types } = world();
    await placeOn(executor);
    await deliver(pays, messageAfter(history));
    expect(types(paymentStream(aPayment))).to.deep.equal(['PaymentOpened', 'CheckoutSessionCreated']);
    expect(types(orderStream(anOrder)).at(-1)).to.equal('PaymentLinkAttached');
    expect(store.events(orderStream(anOrder)).at(-1)?.data).to.deep.equal({
      paymentId: aPayment,
      url: `http://127.0.0.1/pay/${session}`,
      expiresAt: dueAt,
    });
    expect(provider.requests).to.deep.equal([
      {
        paymentId: aPayment,
        orderId: anOrder,
        attempt: 1,
        openedAt: at,
        amount: eur(2000),
        description: 'Order ABCD-EFGH-JKMN-7',
        lines: [1, 2].map((n) => ({ name: `Thing ${n}`, quantity: 2, unitPrice: eur(500) })),
        expiresAt: dueAt,
        successUrl: 'http://shop/thanks',
        cancelUrl: 'http://shop/cart',
      },
    ]);
  });

  it('changes nothing when the message comes twice', async () => {
    const { store, executor, provider, pays } = world();
    await placeOn(executor);
    await deliver(pays, messageAfter(history));
    const before = store.size;
    await deliver(pays, messageAfter(history));
    expect(store.size).to.equal(before);
    expect(provider.sessions.size).to.equal(1);
  });

  it('makes no session for a payment that was closed before it was opened', async () => {
    const { executor, provider, pays } = world();
    await placeOn(executor);
    await toPayment(executor, 'close', { type: 'ClosePayment', why: 'cancelled' });
    await deliver(pays, messageAfter(history));
    expect(provider.calls).to.deep.equal([]);
  });

  /** The payment is closed, and perhaps paid, while the provider makes the session. */
  const closeMeanwhile = ({ executor, provider }: ReturnType<typeof world>, paid: boolean): void => {
    const create = provider.createSession.bind(provider);
    provider.createSession = async (request) => {
      const answer = await create(request);
      if (paid) provider.pay(session);
      await toPayment(executor, 'close', { type: 'ClosePayment', why: 'cancelled' });
      return answer;
    };
  };

  it('closes the session again when the payment was closed while it was made', async () => {
    const all = world();
    await placeOn(all.executor);
    closeMeanwhile(all, false);
    await deliver(all.pays, messageAfter(history));
    expect(all.provider.sessions.get(session)?.status).to.equal('expired');
    expect(all.types(orderStream(anOrder))).not.to.include('PaymentLinkAttached');
  });

  it('records the money when such a session was paid before it could be closed', async () => {
    const all = world();
    await placeOn(all.executor);
    closeMeanwhile(all, true);
    await deliver(all.pays, messageAfter(history));
    expect(all.types(paymentStream(aPayment)).at(-1)).to.equal('PaymentCaptured');
  });

  it('records the refusal of a provider that makes no session', async () => {
    const { executor, provider, pays, types } = world();
    await placeOn(executor);
    provider.refusal = { _tag: 'ProviderRefused', code: 'amount_too_small', text: 'too small', status: 400 };
    await deliver(pays, messageAfter(history));
    expect(types(paymentStream(aPayment))).to.deep.equal(['PaymentOpened', 'CheckoutSessionFailed']);
  });

  it('throws a fault of the system while the provider is down, and goes on from there', async () => {
    const { executor, provider, pays, types } = world();
    await placeOn(executor);
    provider.down = true;
    expect(isSystemFault(await failure(deliver(pays, messageAfter(history))))).to.equal(true);
    provider.down = false;
    await deliver(pays, messageAfter(history));
    expect(types(orderStream(anOrder)).at(-1)).to.equal('PaymentLinkAttached');
  });

  it('leaves an order alone on which nothing is due', async () => {
    const { provider, pays, store } = world();
    const free: OrderEvent = { type: 'OrderAccepted', data: { amountDue: eur(0) } };
    await deliver(pays, messageAfter([{ type: 'OrderPlaced', data: untracked }, free]));
    expect([store.size, provider.calls.length]).to.deep.equal([0, 0]);
  });

  it('blames a message that breaks its contract', async () => {
    const { pays } = world();
    const message = { ...messageAfter(history), data: { order: 'none' } };
    const error = await failure(deliver(pays, message));
    expect(error).to.be.instanceOf(MessageFault);
    expect(isSystemFault(error)).to.equal(false);
  });
});
