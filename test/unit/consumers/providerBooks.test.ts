import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { providerBooks } from '../../../src/consumers/payment/providerBooks.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import { aPayment, at } from '../../support/fixtures.js';

describe('the books of the provider', () => {
  const refused = (code: string) =>
    providerBooks({ listRefunds: () => Promise.resolve(E.left({ code, text: 'no', status: 400 })) } as never, {
      now: () => at,
    }).refundsOf(aPayment, 'pi_1');

  it('have no refund of what the provider has never heard of', async () => {
    expect(await refused('resource_missing')).to.deep.equal([]);
  });

  it('cannot be read where it refuses otherwise: that is no answer', async () => {
    const fault: unknown = await refused('api_key_expired').catch((error: unknown) => error);
    expect(isSystemFault(fault)).to.equal(true);
  });
});
