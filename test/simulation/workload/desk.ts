import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { sleep } from './client.js';

/** How likely, from 0 to 1, money goes back past us, and a refund fails that looked good. */
export interface AstrayRefunds {
  readonly byHand: number;
  readonly failing: number;
}

/** How long after it looked good a refund comes back at most; milliseconds. */
const COMES_BACK_WITHIN_MS = 25_000;

/** Somebody at the provider's desk gives back all or a part of a payment, past us: soon after it was paid, or much later. */
export async function desk(installation: Installation, random: Random, intentId: string): Promise<void> {
  const { provider, network, astray } = installation;
  if (!random.chance(astray.byHand)) return;
  await sleep(installation, random.fraction() * (random.chance(0.3) ? 1_000 : 40_000));
  const times = random.chance(0.25) ? 2 : 1;
  for (let time = 0; time < times; time += 1) {
    const left = provider.refunds.balanceOf(intentId);
    // whatever was asked for first has been given back
    if (left <= 0) return;
    const amount = { amount: random.chance(0.5) ? left : random.between(1, left), currency: 'EUR' } as const;
    const id = provider.refunds.makeByHand(intentId, amount);
    network.trace.note(`desk: gives back ${amount.amount} of ${intentId}: ${id}`);
    // more often than others: whoever does that often has a reason, such as an account that is closed
    if (random.chance(Math.min(1, 3 * astray.failing))) await comesBack(installation, random, id);
  }
}

/** A bank makes a refund that we asked for, at once or later; now and then it comes back after it looked good. */
export async function bank(
  installation: Installation,
  { prompt, fate }: { readonly prompt: Random; readonly fate: Random },
  id: string,
): Promise<void> {
  const { provider, astray } = installation;
  // most are made before anybody has the answer
  if (!prompt.chance(0.7)) await sleep(installation, prompt.fraction() * 30_000);
  provider.refunds.succeed(id);
  if (fate.chance(astray.failing)) await comesBack(installation, fate, id);
}

async function comesBack(installation: Installation, random: Random, id: string): Promise<void> {
  const { provider, network } = installation;
  // at once: before anybody was told that it had looked good
  await sleep(installation, random.chance(0.3) ? random.fraction() * 50 : random.fraction() * COMES_BACK_WITHIN_MS);
  network.trace.note(`bank: refund ${id} comes back`);
  provider.refunds.fail(id);
}
