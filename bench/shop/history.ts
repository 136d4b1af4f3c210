import * as E from 'fp-ts/lib/Either.js';
import { createExecutor } from '#comanda/commands/executor/createExecutor.js';
import type { CommandContext, Executor } from '#comanda/commands/executor/contract.js';
import { freshCommandId, lineIdOf, orderIdOfKey, paymentIdOf, reservationIdOf } from '#comanda/commands/identity.js';
import type { EventStore, EventToAppend } from '#comanda/commands/ports/eventStore.js';
import type { LocationId, OrderId, Sku } from '#comanda/domain/kernel/ids.js';
import { orderStream } from '#comanda/domain/kernel/streams.js';
import { order, type OrderCommand } from '#comanda/domain/order/index.js';
import { openEventStore } from '#comanda/infrastructure/eventstore/index.js';
import { NO_STREAM, openLog, type ProposedEvent } from 'esdb-node';
import { skuOf } from '../load/requests.js';
import { PATIENT, sideBySide } from './seed.js';

const LINES = 2;
const PRICE = 950;
const eur = (amount: number) => ({ amount, currency: 'EUR' });

export const historyOrderId = (number: number): OrderId => orderIdOfKey('bench', `history-${number}`);

/** What happened to an order, as commands: placed, stock secured, link attached, paid, cooked. */
function commandsOf(number: number): readonly OrderCommand[] {
  const orderId = historyOrderId(number);
  const paymentId = paymentIdOf(orderId, 1);
  const placedAt = new Date().toISOString();
  const nothing = eur(0);
  const lines = Array.from({ length: LINES }, (_, line) => ({
    lineId: lineIdOf(orderId, line),
    sku: skuOf((number * 7_919 + line) % 1_000) as Sku,
    name: `Article ${line}`,
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
        number: `BENCH-${number}`,
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

/** Writes the histories of so many orders through Comanda's own rules and executor. */
export async function writeHistory(eventStoreUrl: string, orders: number): Promise<void> {
  const store = openEventStore({ url: eventStoreUrl, ...PATIENT });
  const executor = createExecutor({ eventStore: store.eventStore, random: Math.random });
  for (let first = 0; first < orders; first += WINDOW) {
    const commands = Array.from({ length: Math.min(WINDOW, orders - first) }, (_, n) => commandsOf(first + n));
    for (let step = 0; step < (commands[0]?.length ?? 0); step += 1) {
      await sideBySide(commands.length, async (n) => {
        const command = commands[n]?.[step];
        if (command) await issue(executor, first + n, command);
      });
    }
  }
  await store.close();
}

/** Decides histories without a store; one for many, since an executor is much larger than an order. */
function historian(): (number: number) => Promise<readonly EventToAppend[]> {
  const streams = new Map<string, EventToAppend[]>();
  const memory: EventStore = {
    append: (stream, appended) => {
      const events = streams.get(stream) ?? [];
      streams.set(stream, events);
      events.push(...appended);
      return Promise.resolve({ revision: events.length - 1, position: 0n });
    },
    read: async function* () {},
  };
  const executor = createExecutor({ eventStore: memory, random: Math.random });
  return async (number) => {
    for (const command of commandsOf(number)) await issue(executor, number, command);
    const stream = orderStream(historyOrderId(number));
    const events = streams.get(stream) ?? [];
    streams.delete(stream);
    return events;
  };
}

/** The events of one order's history as they are stored. */
export const historyOf = (number: number): Promise<readonly EventToAppend[]> => historian()(number);

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

const proposed = ({ id, type, data, metadata }: EventToAppend): ProposedEvent => ({
  id,
  type,
  contentType: 'application/json',
  data: bytes(data),
  customMetadata: bytes(metadata),
});

/**
 * The same histories, written straight into the data folder of a node that does not run: through a client a million events
 * would take an hour.
 */
export async function writeHistoryInto(
  folder: string,
  orders: number,
  progress: (written: number) => void,
): Promise<void> {
  const log = await openLog(folder);
  const historyFor = historian();
  try {
    for (let first = 0; first < orders; first += WINDOW) {
      const count = Math.min(WINDOW, orders - first);
      const histories = await Promise.all(Array.from({ length: count }, (_, n) => historyFor(first + n)));
      for (let revision = 0; revision < (histories[0]?.length ?? 0); revision += 1) {
        const outcomes = await Promise.all(
          histories.map((history, n) => {
            const expected = revision === 0 ? NO_STREAM : BigInt(revision - 1);
            const event = history.slice(revision, revision + 1).map(proposed);
            return log.append(orderStream(historyOrderId(first + n)), expected, event);
          }),
        );
        const refused = outcomes.find(({ kind }) => kind !== 'written');
        if (refused) throw new Error(`an event of the history was not written: ${JSON.stringify(refused)}`);
      }
      progress(first + count);
    }
  } finally {
    await log.close();
  }
}
