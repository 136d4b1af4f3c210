import { paymentIdOf } from '../../commands/identity.js';
import type { Executor } from '../../commands/executor/contract.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { CurrentSettings } from '../../commands/ports/currentSettings.js';
import type { OrderId } from '../../domain/kernel/ids.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, order } from '../../domain/order/index.js';
import { MessageFault } from '../ports/faults.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { causeOf, issuerFor } from '../runtime/issuer.js';

/** Where the check engine's answers wait to be recorded. */
export const CHECK_RESULT_QUEUE = { queue: 'comanda.checks-completed', bindings: ['check.completed.v1'] };

const MINUTE_MS = 60_000;

/**
 * Records what the check engine found, once for each check, whatever has become of the order by then. An answer to a
 * question that nobody asked is a fault of the message.
 */
export function checkResults({
  executor,
  clock,
  settings,
}: {
  readonly executor: Executor;
  readonly clock: Clock;
  readonly settings: CurrentSettings;
}): ConsumeOptions {
  const issuer = issuerFor('check-results', 'provider', executor, clock);
  return {
    ...CHECK_RESULT_QUEUE,
    prefetch: 32,
    handle: async ({ message }) => {
      const { orderId, ...found } = decodeMessage('check.completed.v1', message);
      const { details } = await placed(executor, orderId);
      if (found.checkId !== details.checkId) {
        throw new MessageFault(`${found.checkId} is no check of ${orderId}: nobody asked for it`);
      }
      const { reviewDecisionMinutes } = await settings.now();
      const now = Date.parse(clock.now());
      const inMinutes = (minutes: number): string => new Date(now + minutes * MINUTE_MS).toISOString();
      await issuer(causeOf(message)).issue(order, orderStream(orderId), 'record', {
        type: 'RecordCheckResult',
        ...found,
        decideBy: inMinutes(reviewDecisionMinutes),
        acceptance: { paymentId: paymentIdOf(orderId, 1), paymentDueAt: inMinutes(details.paymentWindowMinutes) },
      });
    },
  };
}

/** What an order was placed with never changes: what is remembered of it is as good as what the store says. */
async function placed(executor: Executor, orderId: OrderId): Promise<ExistingOrder> {
  const { state } = await executor.load(order, orderStream(orderId));
  if (state.status !== 'none') return state;
  const newest = await executor.load(order, orderStream(orderId), { fresh: true });
  if (newest.state.status === 'none') throw new MessageFault(`there is no order ${orderId} that could be checked`);
  return newest.state;
}
