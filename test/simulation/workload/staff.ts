import { cancelLines } from '../../../src/commands/order/cancelLines.js';
import { cancelOrder } from '../../../src/commands/order/cancelOrder.js';
import { grantRefund } from '../../../src/commands/order/grantRefund.js';
import { holdOrder } from '../../../src/commands/order/holdOrder.js';
import { resolveHold } from '../../../src/commands/order/resolveHold.js';
import { decideMismatch } from '../../../src/commands/payment/decideMismatch.js';
import { approveRefund } from '../../../src/commands/payment/decideRefund.js';
import type { CommandContext, Executor } from '../../../src/commands/executor/contract.js';
import type { OrderId, PaymentId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import type { ExistingOrder } from '../../../src/domain/order/index.js';
import { OVER } from '../invariants/rest.js';
import type { Random } from '../kernel/random.js';
import type { Installation } from '../world/installation.js';
import { insist, sleep } from './client.js';
import { requestContext } from './requests.js';

/** How often somebody looks whether an order is over before they forget about it. */
const MOST_LOOKS = 60;

/** States in which single units can be called off. */
const CONFIRMED: ReadonlySet<ExistingOrder['status']> = new Set(['confirmed', 'in_fulfilment']);

type Ask = (
  what: string,
  command: (executor: Executor, context: CommandContext) => Promise<unknown>,
) => Promise<unknown>;

/** What people do to an order that somebody placed: hold it, call it off or a part of it, give money back. Most are left alone. */
export async function staff(installation: Installation, random: Random, id: OrderId): Promise<void> {
  const ask: Ask = (what, command) =>
    insist(installation, random, `${what} ${id}`, (api) => command(api.core.executor, requestContext(api, random)));
  if (random.chance(0.12)) await hold(installation, random, id, ask);
  if (random.chance(0.3)) await (random.chance(0.5) ? callOffALine : callOff)(installation, random, id, ask);
  if (random.chance(0.15)) await favour(installation, random, id, ask);
}

const REASON = 'changed my mind';

/** The whole order, at any time, by force or not. */
async function callOff(installation: Installation, random: Random, id: OrderId, ask: Ask): Promise<void> {
  await sleep(installation, random.fraction() * (random.chance(0.4) ? 3_000 : 45_000));
  const by = random.pick(['customer', 'staff'] as const);
  const force = by === 'staff' && random.chance(0.4);
  await ask('cancel', (executor, context) =>
    cancelOrder(executor, id, { reason: REASON, by, force, idempotencyKey: 'all' }, context),
  );
}

/** A unit of its first line, once it is paid: before the cooks begin, while they are at it, or when it is nearly over. */
async function callOffALine(installation: Installation, random: Random, id: OrderId, ask: Ask): Promise<void> {
  const order = (): ExistingOrder => installation.histories.newestOf('order', orderStream(id)) as ExistingOrder;
  for (let looks = 0; !CONFIRMED.has(order().status); looks += 1) {
    if (looks === MOST_LOOKS || OVER.has(order().status)) return;
    await sleep(installation, 1_000);
  }
  await sleep(installation, random.fraction() * 5_000);
  const [line] = order().lines;
  if (!line) return;
  const by = random.pick(['customer', 'staff'] as const);
  const lines = [{ lineId: line.lineId, qty: 1 }];
  await ask('cancel a line of', (executor, context) =>
    cancelLines(executor, id, { reason: REASON, by, lines, idempotencyKey: 'a line' }, context),
  );
}

/** Somebody looks at an order first, and decides, in time or too late or never. */
async function hold(installation: Installation, random: Random, id: OrderId, ask: Ask): Promise<void> {
  await sleep(installation, random.fraction() * 1_500);
  await ask('hold', (executor, context) =>
    holdOrder(executor, id, { kind: 'manual', detail: 'looks odd', decideWithinMinutes: 1 }, context),
  );
  if (random.chance(0.25)) return;
  await sleep(installation, random.fraction() * 70_000);
  const decision = random.chance(0.6) ? 'accept' : 'reject';
  await ask(decision, (executor, context) => resolveHold(executor, id, { decision, by: 'staff' }, context));
}

/** What was held because another amount was paid goes on or ends, as somebody decides, in time or too late or never. */
export async function decide(installation: Installation, random: Random, id: OrderId): Promise<void> {
  if (random.chance(0.15)) return;
  await sleep(installation, random.fraction() * 20_000);
  const decision = random.chance(0.6) ? 'accept' : 'reject';
  await insist(installation, random, `${decision} ${id}`, (api) =>
    resolveHold(api.core.executor, id, { decision, by: 'staff' }, requestContext(api, random)),
  );
}

/** What came as another amount for an order that goes on counts or goes back, as somebody decides, or is left as it is. */
export async function decideOnMoney(installation: Installation, random: Random, paymentId: PaymentId): Promise<void> {
  if (random.chance(0.15)) return;
  await sleep(installation, random.fraction() * (random.chance(0.3) ? 2_000 : 60_000));
  const decision = random.chance(0.6) ? 'accept' : 'reject';
  const idempotencyKey = String(random.between(1, 1_000_000_000));
  // one that is held, or waits for its payment, is decided on by its hold: then this is refused
  await insist(installation, random, `${decision} the money of ${paymentId}`, (api) =>
    decideMismatch(api.core.executor, paymentId, { decision, idempotencyKey }, requestContext(api, random)),
  );
}

/** Money is given back although the goods are kept; above a limit a second person has to agree. */
async function favour(installation: Installation, random: Random, id: OrderId, ask: Ask): Promise<void> {
  const { histories } = installation;
  const stream = orderStream(id);
  for (let looks = 0; !OVER.has(histories.newestOf('order', stream)?.status ?? 'none'); looks += 1) {
    if (looks === MOST_LOOKS) return;
    await sleep(installation, 5_000);
  }
  const limit = random.pick([0, 1_000] as const);
  const automaticUpTo = (): number => limit;
  const refund = { amount: { amount: random.between(1, 300), currency: 'EUR' } } as const;
  await ask('give money back for', (executor, context) =>
    grantRefund(executor, id, { refund, note: 'sorry', idempotencyKey: 'a favour', automaticUpTo }, context),
  );
}

/** Another person approves whatever refund asks for that. */
export async function approve(
  installation: Installation,
  random: Random,
  paymentId: PaymentId,
  refundId: Parameters<typeof approveRefund>[2]['refundId'],
): Promise<void> {
  await sleep(installation, random.fraction() * 5_000);
  await insist(installation, random, `approve ${refundId}`, (api) =>
    approveRefund(api.core.executor, paymentId, { refundId, secondPersonAbove: 1_000 }, requestContext(api, random)),
  );
}
