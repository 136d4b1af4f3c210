import { setTimeout as sleep } from 'node:timers/promises';
import type { Script } from '../../../src/embedded/stripe-simulator/script.js';
import type { Random } from '../plan/random.js';
import type { Provider } from './customer.js';

type Call = NonNullable<Script['calls']>[number];

const EVERY_MS = [1_500, 5_000] as const;
const ANSWER_WITHIN_MS = 3_000;

/** What may go wrong with the next calls of the provider's API. */
const mishap = (random: Random): Call => {
  const path = random.pick(['/v1/checkout/sessions', '/v1/checkout/sessions', '/v1/refunds', '/v1']);
  const times = random.whole(1, 3);
  return random.pick<Call>([
    { path, times, outcome: 'error', status: 500 },
    { path, times: 1, method: 'POST', outcome: 'error', status: 500, kept: true },
    { path, times, outcome: 'error', status: 429 },
    { path, times, outcome: 'drop' },
    { path, times, outcome: 'lose_answer' },
    { path, times, method: 'POST', answerAfterMs: random.whole(500, 4_000) },
    { path, times, delayMs: random.whole(100, 2_000) },
  ]);
};

/** Makes the provider misbehave now and then until the signal; answers how often it was told to. */
export async function disturbProvider(provider: Provider, random: Random, closing: AbortSignal): Promise<number> {
  let told = 0;
  const tell = async (script: Script): Promise<void> => {
    const response = await fetch(`${provider.url}/simulator/script`, {
      method: 'POST',
      headers: { authorization: `Bearer ${provider.secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify(script),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch(() => undefined);
    // it may be dead or frozen just now: then it misbehaves enough
    if (response === undefined) return;
    if (!response.ok) throw new Error(`the simulator does not understand ${JSON.stringify(script)}`);
    told += 1;
  };
  while (!closing.aborted) {
    if (random.chance(0.15)) {
      await tell({ webhooks: { hold: true } });
      await sleep(random.whole(500, 4_000));
      await tell({ webhooks: { hold: false } });
    } else await tell({ calls: [mishap(random)] });
    await sleep(random.whole(...EVERY_MS), undefined, { signal: closing }).catch(() => undefined);
  }
  await undisturbed(provider);
  return told;
}

/** Takes back what is left of the scripts, however long the simulator needs to come up again. */
async function undisturbed(provider: Provider): Promise<void> {
  for (;;) {
    const response = await fetch(`${provider.url}/simulator/script`, {
      method: 'POST',
      headers: { authorization: `Bearer ${provider.secretKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ calls: [], webhooks: { hold: false } } satisfies Script),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    }).catch(() => undefined);
    if (response?.ok) return;
    await sleep(500);
  }
}
