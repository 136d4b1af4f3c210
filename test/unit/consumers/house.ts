import { expect } from 'chai';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { kitchenConsumer } from '../../../src/consumers/kitchen/kitchenConsumer.js';
import { paymentConsumer } from '../../../src/consumers/payment/paymentConsumer.js';
import type { ConsumeOptions } from '../../../src/consumers/ports/messageConsumer.js';
import type { CommandContext, Executor } from '../../../src/commands/executor/contract.js';
import { orderStream, paymentStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { payment, type PaymentCommand } from '../../../src/domain/payment/index.js';
import { aPayment, at, dueAt, eur, orderLine, placedOrder } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { MemoryProvider } from '../../support/world/provider.js';
import type { messageAfter } from './messageAfter.js';

export const clock = { now: () => at };
export const session = `cs_${aPayment}_1`;
export const untracked = placedOrder({
  lines: [orderLine(1, { track: false }), orderLine(2, { track: false, station: 'grill', prepSeconds: 30 })],
  gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
});
const accepted: OrderEvent = {
  type: 'OrderAccepted',
  data: { amountDue: eur(2000), paymentId: aPayment, paymentDueAt: dueAt },
};
export const history: readonly OrderEvent[] = [{ type: 'OrderPlaced', data: untracked }, accepted];
export const context = (commandId: string): CommandContext => ({
  commandId,
  correlationId: 'correlation-1',
  causationId: null,
  actor: { kind: 'admin', id: 'admin/local' },
  tenant: 'main',
  at,
});

export function world() {
  const store = new InMemoryEventStore();
  const executor = createExecutor({
    eventStore: store,
    random: () => 0,
    storeRetries: { retries: 0, baseMs: 0, maxMs: 0 },
  });
  const provider = new MemoryProvider();
  const returnTo = () => ({ successUrl: 'http://shop/thanks', cancelUrl: 'http://shop/cart' });
  return {
    store,
    executor,
    provider,
    pays: paymentConsumer({ executor, clock, provider, returnTo }),
    cooks: kitchenConsumer({ executor, clock }),
    types: (stream: string) => store.events(stream).map(({ type }) => type),
  };
}

export const placeOn = (executor: Executor, placed = untracked) =>
  executor.execute(
    order,
    orderStream(placed.orderId),
    {
      type: 'PlaceOrder',
      order: placed,
      acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
      allowedModes: ['pickup'],
    },
    context(`place ${placed.orderId}`),
  );
export const toPayment = (executor: Executor, name: string, command: PaymentCommand) =>
  executor.execute(payment, paymentStream(aPayment), command, context(name));
export const deliver = ({ handle }: ConsumeOptions, message: ReturnType<typeof messageAfter>) =>
  handle({ message, attempt: 1 });

export async function failure(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) expect.fail('it did not fail');
  return error;
}
