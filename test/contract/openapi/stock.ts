import { expect } from 'chai';
import type { Ask } from './ask.js';

/** Goods come, are counted and go on. */
export async function moveStock(ask: Ask): Promise<void> {
  const here = { sku: 'soup', locationId: 'main' };
  const keyed = (key: string) => ({ headers: { 'idempotency-key': key } });
  expect((await ask('listStock', 200, {}, { query: '?sku=soup' })).body.items).to.have.length(1);
  await ask('listStock', 400, {}, { query: '?cursor=x' });
  const receipt = { qty: 4, ref: 'note 1', cost: { amount: 400, currency: 'EUR' } };
  await ask('receiveStock', 400, here, { body: receipt });
  await ask('receiveStock', 201, here, { body: receipt, ...keyed('r') });
  await ask('receiveStock', 404, { ...here, sku: 'nothing' }, { body: receipt, ...keyed('r') });
  await ask('getStockPolicy', 200, here);
  await ask('getStockPolicy', 404, { ...here, sku: 'nothing' });
  const policy = { threshold: 2, safety: 1, backorderLimit: 0 };
  await ask('setStockPolicy', 428, here, { body: policy });
  await ask('setStockPolicy', 412, here, { body: policy, headers: { 'if-match': '"r999"' } });
  await ask('setStockPolicy', 422, here, { body: { ...policy, safety: -1 }, headers: { 'if-match': '*' } });
  await ask('setStockPolicy', 404, { ...here, sku: 'nothing' }, { body: policy, headers: { 'if-match': '*' } });
  await ask('setStockPolicy', 200, here, { body: policy, headers: { 'if-match': '*' } });
  const count = { counted: 7, reason: 'a bottle broke' };
  await ask('adjustStock', 428, here, { body: count });
  await ask('adjustStock', 201, here, { body: count, headers: { 'if-match': '*' } });
  await ask('transferStock', 422, here, { body: { to: 'main', qty: 1 }, ...keyed('t') });
  await ask('transferStock', 404, here, { body: { to: 'harbour', qty: 1 }, ...keyed('u') });
  const moved = await ask('listStockMovements', 200, here, { query: '?limit=2' });
  expect(moved.body.items).to.have.length(2);
  await ask('listStockMovements', 400, here, { query: '?cursor=x' });
}
