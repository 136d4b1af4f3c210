import { connect } from 'amqplib';
import pg from 'pg';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExistingOrder } from '../../../src/domain/order/index.js';
import { deadQueueOf, retryQueueOf } from '../../../src/infrastructure/rabbitmq/topology.js';
import { RETRY_DELAYS_MS } from '../../../src/consumers/ports/messageConsumer.js';
import { QUEUES } from '../../../src/main/queues.js';
import { ledgerOf } from './ledger.js';
import type { Following, History } from './history.js';
import type { Installation } from '../system/installation.js';

const LOOK_EVERY_MS = 1_000;
/** So many looks in a row must find nothing to do and nothing new. */
const QUIET_LOOKS = 4;
const UNDER_WAY: ReadonlySet<ExistingOrder['status']> = new Set(['placed', 'confirmed', 'in_fulfilment']);

/**
 * Waits until nothing more happens by itself but what timers will bring.
 * @param tell told at each look what it waits for
 * @returns what was still restless when `withinMs` were over; empty: it is at rest
 */
export async function untilAtRest(
  installation: Installation,
  following: Following,
  withinMs: number,
  tell: (waitsFor: string) => void,
): Promise<readonly string[]> {
  const end = performance.now() + withinMs;
  let quiet = 0;
  let before: bigint | null = null;
  for (;;) {
    const restless = await restlessness(installation, following).catch((error: unknown) => [
      `a look fails: ${String(error)}`,
    ]);
    const { position } = following.history;
    quiet = restless.length === 0 && position === before ? quiet + 1 : 0;
    before = position;
    tell(restless[0] ?? '');
    if (quiet >= QUIET_LOOKS) return [];
    if (performance.now() > end) return restless.length > 0 ? restless : ['events keep coming'];
    await sleep(LOOK_EVERY_MS);
  }
}

async function restlessness(installation: Installation, following: Following): Promise<readonly string[]> {
  const orders = restlessOrders(following.history);
  const { pendingWebhooks } = await ledgerOf(installation.stripe.url);
  return [
    ...((await following.caughtUp()) ? [] : ['the log has not been read to its end']),
    ...(orders.length > 0 ? [`${orders.length} orders, the first: ${orders[0]}`] : []),
    ...(pendingWebhooks > 0 ? [`${pendingWebhooks} webhooks wait at the provider`] : []),
    ...(await restlessTables(installation.postgresUrl, following.history.position)),
    ...(await restlessQueues(installation.environment['RABBITMQ_URL'] ?? '')),
  ];
}

/** Orders that somebody works on; what only waits for its time has a timer, and a timer whose time has come is counted by itself. */
function restlessOrders({ orders }: History): readonly string[] {
  return [...orders].flatMap(([stream, { state }]) => {
    const { status, link } = state;
    if (status === 'awaiting_payment') return link === undefined ? [`${stream} has no payment link`] : [];
    if (refundUnderWay(state)) return [`${stream} waits for money to go back`];
    return UNDER_WAY.has(status) ? [`${stream} is ${status}`] : [];
  });
}

/** The order owes money that has neither gone back nor failed to. */
const refundUnderWay = ({ refundDue, refunded, settledRefunds }: ExistingOrder): boolean =>
  refundDue.amount > refunded.amount && !settledRefunds.some(({ outcome }) => outcome === 'failed');

async function restlessTables(postgresUrl: string, head: bigint | null): Promise<readonly string[]> {
  const client = new pg.Client({ connectionString: postgresUrl, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const count = async (sql: string, params: readonly unknown[] = []): Promise<number> => {
      const { rows } = await client.query<{ count: string }>(sql, [...params]);
      return Number(rows[0]?.count ?? 0);
    };
    const behind = await client.query<{ name: string }>(
      'SELECT name FROM checkpoints WHERE position IS NULL OR position < $1',
      [String(head ?? 0n)],
    );
    const inbox = await count('SELECT count(*) FROM webhook_inbox WHERE processed_at IS NULL');
    // whose time to pay is over within the minutes that the checks take would change under their eyes
    const due = await count(
      `SELECT count(*) FROM timers WHERE fired_at IS NULL AND NOT cancelled
         AND (due_at <= now() OR process = 'payment-deadline' AND due_at <= now() + interval '2 minutes')`,
    );
    return [
      ...behind.rows.map(({ name }) => `${name} is behind`),
      ...(inbox > 0 ? [`${inbox} webhooks in the inbox`] : []),
      ...(due > 0 ? [`${due} timers are due`] : []),
    ];
  } finally {
    await client.end();
  }
}

async function restlessQueues(url: string): Promise<readonly string[]> {
  const connection = await connect(url, { timeout: 5_000 });
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    const found: string[] = [];
    for (const { queue } of QUEUES) {
      for (const name of [queue, ...RETRY_DELAYS_MS.map((delay) => retryQueueOf(queue, delay))]) {
        const { messageCount } = await channel.checkQueue(name);
        if (messageCount > 0) found.push(`${messageCount} messages in ${name}`);
      }
    }
    return found;
  } finally {
    await connection.close();
  }
}

/** How many messages lie among the dead, by queue. */
export async function deadLetters(url: string): Promise<ReadonlyMap<string, number>> {
  const connection = await connect(url, { timeout: 5_000 });
  try {
    const channel = await connection.createChannel();
    const counts = new Map<string, number>();
    for (const { queue } of QUEUES) counts.set(queue, (await channel.checkQueue(deadQueueOf(queue))).messageCount);
    return counts;
  } finally {
    await connection.close();
  }
}
