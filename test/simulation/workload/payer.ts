import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { sleep } from './client.js';

/** Whoever has the payment page before them: pays, at once or late or twice, is declined, walks away, sends a transfer or another amount. */
export async function payer(installation: Installation, random: Random, sessionId: string): Promise<void> {
  const { provider, network, oddAmounts } = installation;
  const act = <T>(what: string, action: () => T): T => {
    network.trace.note(`payer: ${what} ${sessionId}`);
    return action();
  };
  // some are faster than the answer that tells us of the page
  await sleep(installation, random.chance(0.2) ? random.fraction() * 2 : random.fraction() * 20_000);
  const behaviour = random.fraction();
  if (behaviour < 0.15) return;
  if (behaviour < 0.35) {
    act('is declined', () => provider.decline(sessionId));
    await sleep(installation, random.fraction() * 10_000);
    if (random.chance(0.4)) return;
  } else if (behaviour < 0.5) {
    // about when the time to pay is over
    await sleep(installation, 45_000 + random.fraction() * 25_000);
  } else if (behaviour < 0.6) {
    act('sends a transfer', () => provider.process(sessionId));
    await sleep(installation, random.fraction() * 40_000);
    act('the transfer ends', () => provider.settle(sessionId, random.chance(0.7)));
    return;
  }
  // most who pay a difference: few orders have one, and then nothing holds the order
  if (random.chance(oddAmounts > 0 && goesOn(installation, sessionId) ? Math.max(oddAmounts, 0.5) : oddAmounts))
    act('pays another amount', () => provider.pay(sessionId, random.pick([-100, 100] as const)));
  else act('pays', () => provider.pay(sessionId));
  if (random.chance(0.2)) act('pays again', () => provider.pay(sessionId));
}

/** Whether the order goes on without this money. */
function goesOn({ provider, histories }: Installation, sessionId: string): boolean {
  const orderId = provider.sessions.get(sessionId)?.metadata.orderId;
  const its = orderId === undefined ? undefined : histories.newestOf('order', orderStream(orderId as OrderId));
  return its !== undefined && its.status !== 'none' && its.wasConfirmed;
}
