import { expect } from 'chai';
import type { RaceHouse } from './house.js';

/** From the acceptance of an order. */
export const TIME_TO_PAY_MINUTES = 30;
/** For so long a provider that does not answer holds up the end of an order. */
const GRACE_MINUTES = 15;

/** The order expires without a word of the provider, and was paid all the same: nobody was told of that yet, and nothing is answered. */
export async function paidUnheard(race: RaceHouse, id: string): Promise<void> {
  const link = await race.link(id);
  await race.rest();
  race.script({
    webhooks: { hold: true },
    calls: [{ path: '/v1/checkout/sessions', outcome: 'drop', times: 1_000_000 }],
  });
  expect(await race.pay(link)).to.equal('paid');
  race.forward(TIME_TO_PAY_MINUTES + GRACE_MINUTES + 1);
  await race.reaches(id, 'expired');
}
