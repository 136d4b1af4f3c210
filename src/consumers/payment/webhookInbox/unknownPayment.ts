import type { Executor } from '../../../commands/executor/contract.js';
import { taskIdOf } from '../../../commands/identity.js';
import type { Clock } from '../../../commands/ports/clock.js';
import type { PaymentId } from '../../../domain/kernel/ids.js';
import { paymentStream, taskStream } from '../../../domain/kernel/streams.js';
import { payment } from '../../../domain/payment/index.js';
import { task } from '../../../domain/task/index.js';
import type { Issuer } from '../../runtime/issuer.js';

/**
 * The provider speaks of a payment that carries our name and that nobody here ever opened: somebody has to see to it. Opened
 * once for each session, and under the same id as the reconciliation opens it, which finds the same thing.
 */
export async function tellOfUnknown(
  { executor, clock }: { readonly executor: Executor; readonly clock: Clock },
  { issue }: Issuer,
  paymentId: PaymentId,
  sessionId: string,
): Promise<void> {
  const { state } = await executor.load(payment, paymentStream(paymentId), { fresh: true });
  if (state.status !== 'none') return;
  const taskId = taskIdOf('reconciliation', `unknown session ${sessionId}`);
  await issue(task, taskStream(taskId), 'unknown payment', {
    type: 'OpenTask',
    task: {
      taskId,
      kind: 'reconciliation',
      about: { paymentId },
      text: `the provider tells of session ${sessionId} for a payment that nobody opened here`,
      openedAt: clock.now(),
    },
  });
}
