import { createHash } from 'node:crypto';
import * as E from 'fp-ts/lib/Either.js';
import { createExecutor } from '#comanda/commands/executor/createExecutor.js';
import type { CommandContext, Executor } from '#comanda/commands/executor/contract.js';
import { freshCommandId, lineIdOf, orderIdOfKey, paymentIdOf, reservationIdOf } from '#comanda/commands/identity.js';
import type { EventStore, EventToAppend } from '#comanda/commands/ports/eventStore.js';
import type { LocationId, OrderId, Sku } from '#comanda/domain/kernel/ids.js';
import { formatOrderNumber } from '#comanda/domain/kernel/orderNumber.js';
import { orderStream } from '#comanda/domain/kernel/streams.js';
import { order, type OrderCommand } from '#comanda/domain/order/index.js';
import { skuOf } from '../load/requests.js';
import { sideBySide } from './seed.js';

const LINES = 2;
/** Articles `Article 0` and so on, each in as many orders: of some thousand orders, a page of a list. */
export const ARTICLES = 250;
const PRICE = 950;
const eur = (amount: number) => ({ amount, currency: 'EUR' });

export const historyOrderId = (number: number): OrderId => orderIdOfKey('bench', `history-${number}`);

/** What happened to an order, as commands: placed, stock secured, link attached, paid, cooked. */
function commandsOf(number: number): readonly OrderCommand[] {
  const orderId = historyOrderId(number);
  const paymentId = paymentIdOf(orderId, 1);
  const placedAt = new Date().toISOString();
  const nothing = eur(0);
  const articles = Array.from({ length: LINES }, (_, line) => (number * 7_919 + line) % ARTICLES);
  const lines = articles.map((article, line) => ({
    lineId: lineIdOf(orderId, line),
    sku: skuOf(article) as Sku,
    name: `Article ${article}`,
    options: [],
    unitPrice: eur(PRICE),
    qty: 1,
    gross: eur(PRICE),
    discount: nothing,
    tax: nothing,
    net: eur(PRICE),
    taxRateBp: 0,
    track: true,
  }));
  const total = eur(PRICE * LINES);
  const acceptance = { paymentId, paymentDueAt: placedAt };
  return [
    {
      type: 'PlaceOrder',
      order: {
        orderId,
        number: formatOrderNumber(createHash('sha256').update(orderId).digest()),
        accountId: 'main',
        channel: 'api',
        locationId: 'main' as LocationId,
        mode: 'pickup',
        lines,
        discounts: [],
        deliveryFee: nothing,
        tip: nothing,
        tax: [],
        total,
        taxInclusive: true,
        priceHash: 'x'.repeat(43),
        paymentMode: 'prepay',
        gates: { check: 'skipped', stock: 'required', discounts: 'skipped' },
        onShortage: 'reject',
        paymentWindowMinutes: 30,
        placedAt,
      },
      acceptance,
      allowedModes: ['pickup'],
    },
    {
      type: 'RecordStockSecured',
      reservations: lines.map(({ lineId }) => ({ lineId, reservationId: reservationIdOf(orderId, lineId) })),
      acceptance,
    },
    { type: 'AttachPaymentLink', paymentId, url: `https://pay.example/c/${number}`, expiresAt: placedAt },
    { type: 'ApplyPayment', paymentId, intentId: `pi_${number}`, amount: total, method: 'card' },
    { type: 'StartFulfilment', tickets: [], shipLines: lines.map(({ lineId }) => lineId) },
    { type: 'RecordProgress', stage: 'preparing' },
  ];
}

const context = (): CommandContext => ({
  commandId: freshCommandId(),
  correlationId: freshCommandId(),
  causationId: null,
  actor: { kind: 'system', id: 'system/bench' },
  tenant: 'main',
  at: new Date().toISOString(),
});

async function issue(executor: Executor, number: number, command: OrderCommand): Promise<void> {
  const outcome = await executor.execute(order, orderStream(historyOrderId(number)), command, {
    ...context(),
    creates: command.type === 'PlaceOrder',
  });
  if (E.isLeft(outcome)) throw new Error(`${command.type} was refused: ${JSON.stringify(outcome.left)}`);
}

/** Orders of a window are worked side by side, step by step, so that their events lie mixed in the log as in life. */
const WINDOW = 512;

/**
 * Writes the histories of so many orders through Comanda's own rules and executor.
 * @param progress told now and then how many are written
 */
export async function writeHistory(
  eventStore: EventStore,
  orders: number,
  progress: (written: number) => void = () => undefined,
): Promise<void> {
  const executor = createExecutor({ eventStore, random: Math.random });
  for (let first = 0; first < orders; first += WINDOW) {
    const commands = Array.from({ length: Math.min(WINDOW, orders - first) }, (_, n) => commandsOf(first + n));
    for (let step = 0; step < (commands[0]?.length ?? 0); step += 1) {
      await sideBySide(
        commands.length,
        async (n) => {
          const command = commands[n]?.[step];
          if (command) await issue(executor, first + n, command);
        },
        WINDOW,
      );
    }
    progress(first + commands.length);
  }
}

/** The events of one order's history as they are stored. */
export async function historyOf(number: number): Promise<readonly EventToAppend[]> {
  const events: EventToAppend[] = [];
  const memory: EventStore = {
    append: (_stream, appended) => {
      events.push(...appended);
      return Promise.resolve({ revision: events.length - 1, position: 0n });
    },
    read: async function* () {},
  };
  const executor = createExecutor({ eventStore: memory, random: Math.random });
  for (const command of commandsOf(number)) await issue(executor, number, command);
  return events;
}
