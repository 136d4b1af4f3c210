import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

export const PIZZA = {
  name: 'Pizza Margherita',
  price: { amount: 950, currency: 'EUR' },
  trackStock: true,
  station: 'oven',
};

/** An API with something to order; nothing happens to an order there but what a test does. */
export async function startWithMenu(change?: Parameters<typeof startTestApi>[0]): Promise<TestApi> {
  const api = await startTestApi(change);
  await api.request('PUT', '/v1/offers/margherita', { body: PIZZA });
  await api.request('PUT', '/v1/offers/water', {
    body: { name: 'Water', price: { amount: 250, currency: 'EUR' }, trackStock: false },
  });
  await api.request('PUT', '/v1/offers/ramen', {
    body: { name: 'Ramen', price: { amount: 900, currency: 'JPY' }, trackStock: false },
  });
  await api.request('PUT', '/v1/offers/gift', {
    body: { name: 'Gift', price: { amount: 0, currency: 'EUR' }, trackStock: false },
  });
  return api;
}

/** Two pizzas to take away, or what else is said. */
export const wish = (over: object = {}) => ({
  locationId: 'main',
  mode: 'pickup',
  lines: [{ sku: 'margherita', quantity: 2 }],
  ...over,
});

/** Places what somebody wishes, under a key. */
export const placeAt = (
  api: TestApi,
  body: unknown,
  key: string,
  headers: Record<string, string> = {},
): ReturnType<TestApi['request']> =>
  api.request('POST', '/v1/orders', { body, headers: { 'idempotency-key': key, ...headers } });
