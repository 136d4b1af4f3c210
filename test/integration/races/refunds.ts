import { expect } from 'chai';
import type { Answer } from '../../support/inMemory/api.js';
import type { RaceHouse } from './house.js';

/** An order that is paid and confirmed, or further; everything is quiet. */
export async function paidOrder(race: RaceHouse, key: string): Promise<string> {
  const id = await race.place(key);
  expect(await race.pay(await race.link(id))).to.equal('paid');
  await race.reaches(id, 'confirmed', 'in_fulfilment', 'fulfilled');
  await race.rest();
  return id;
}

/** Asks for so many cents of it to go back. */
export const askRefund = (race: RaceHouse, id: string, key: string, amount: number): Promise<Answer> =>
  race.request('POST', `/v1/orders/${id}/refunds`, {
    body: { amount: { amount, currency: 'EUR' }, reason: 'it was cold' },
    headers: { 'idempotency-key': key },
  });
