import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { observedSessions } from '../../../src/consumers/payment/observation.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import { anOrder, aPayment, at, dueAt, eur } from '../../support/fixtures.js';
import { MemoryProvider } from '../../support/world/provider.js';
import { clock, session, failure } from './house.js';

describe('sessions as processes look after them', () => {
  it('are observed, closed, or unknown', async () => {
    const provider = new MemoryProvider();
    const sessions = observedSessions(provider, clock);
    const made = await provider.createSession({
      paymentId: aPayment,
      orderId: anOrder,
      attempt: 1,
      openedAt: at,
      amount: eur(2000),
      description: 'Order',
      expiresAt: dueAt,
      successUrl: '',
      cancelUrl: '',
    });
    expect(E.isRight(made)).to.equal(true);
    expect(await sessions.observe(session)).to.include({ sessionStatus: 'open', paymentStatus: 'unpaid', readAt: at });
    expect(await sessions.close(session)).to.include({ sessionStatus: 'expired' });
    expect(await sessions.close('cs_none')).to.equal(undefined);
  });

  it('are a fault of the system where the provider refuses to speak of them', async () => {
    const provider = new MemoryProvider();
    provider.getSession = () =>
      Promise.resolve(E.left({ _tag: 'ProviderRefused', code: 'account_closed', text: 'no', status: 403 }));
    expect(isSystemFault(await failure(observedSessions(provider, clock).observe(session)))).to.equal(true);
  });
});
