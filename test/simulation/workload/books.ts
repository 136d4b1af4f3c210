import { paymentStream } from '../../../src/domain/kernel/streams.js';
import { hasGone, type Payment } from '../../../src/domain/payment/index.js';
import type { PaymentId } from '../../../src/domain/kernel/ids.js';
import type { ProviderRefund } from '../../../src/consumers/payment/ports/paymentProvider.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { sleep } from './client.js';

/** A look at the books is begun anew where its process fails. */
const AGAIN_MS = 2_000;

/** Some process compares the provider's books with ours, to the end. */
export async function lookAtTheBooks(installation: Installation, random: Random): Promise<void> {
  const { processes, scheduler, network } = installation;
  for (;;) {
    const ready = processes.filter(({ reconcile, host }) => reconcile && host.state === 'up');
    const process = random.pick(ready);
    const done = await new Promise<boolean>((resolve) => {
      if (!process) return resolve(false);
      const gone = scheduler.schedule(undefined, 60_000, 'nobody has looked at the books', () => resolve(false));
      scheduler.schedule(process.host, 0, 'looks at the books', () => {
        const back = (how: boolean) => {
          gone.cancelled = true;
          scheduler.schedule(undefined, 0, 'the books were looked at', () => resolve(how));
        };
        process.reconcile?.().then(
          () => back(true),
          (error: unknown) => {
            network.trace.note(`${process.host.name}: the books: ${String(error)}`);
            back(false);
          },
        );
      });
    });
    if (done) return;
    await sleep(installation, AGAIN_MS);
  }
}

/**
 * Whether a refund of the desk, or one that failed late, stands otherwise with us than with the provider: webhooks crossed, or
 * one was lost. Of all others each webhook has to be enough.
 */
export function leavesRefundsBehind({ provider, histories }: Installation): boolean {
  const { all, unsteady } = provider.refunds;
  return all.some((refund) => {
    if (!unsteady.has(refund.providerRefundId)) return false;
    const paymentId = [...provider.sessions.values()].find(({ intentId }) => intentId === refund.intentId)?.metadata
      .paymentId;
    const state = histories.newestOf('payment', paymentStream(paymentId as PaymentId));
    return (refund.status === 'succeeded') !== isGone(refund, state);
  });
}

function isGone({ providerRefundId, metadata }: ProviderRefund, state: Payment | undefined): boolean {
  if (state === undefined || state.status === 'none') return false;
  const ours = state.refunds.find(({ refundId }) => refundId === metadata.refundId);
  if (ours) return ours.state === 'succeeded';
  return state.foreignRefunds.some((one) => one.providerRefundId === providerRefundId && hasGone(one));
}
