import { paymentIdOf, reservationIdOf, ticketIdOf } from '../../../src/commands/identity.js';
import type { DomainEvent, RecordedEvent } from '../../../src/domain/events.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import {
  locationStream,
  orderStream,
  paymentStream,
  stockStream,
  ticketStream,
} from '../../../src/domain/kernel/streams.js';
import { readModels } from '../../../src/main/roles/projections.js';
import { PROCESS_NAMES } from '../../../src/processes/index.js';
import { PUBLISHER } from '../../../src/projections/publishers/publisher.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { type Verification, verify } from '../../../src/verification/verify.js';
import {
  at,
  dueAt,
  eur,
  idOf,
  later,
  main,
  mainLocation,
  openedTicket,
  placedOrder,
  sku,
} from '../../support/fixtures.js';
import { givenProjection } from '../projections/given.js';
import type { Ground } from '../subscriptions/setup.js';

/** Three orders: one that was served, one that waits for its payment, one that was rejected. */
export const served = idOf('order', 1);
export const waiting = idOf('order', 2);
export const rejected = idOf('order', 3);
const reactors = [...PROCESS_NAMES, PUBLISHER];
const LINES = [1, 2];

export const payment = (order: OrderId) => paymentIdOf(order, 1);
export const ticket = (order: OrderId) => ticketIdOf(order, main);
export const reservation = (order: OrderId, line: number) => reservationIdOf(order, idOf('line', line));
export const shelf = (line: number): string => stockStream(sku(`sku-${line}`), main);

/** An installation at rest, event by event and row by row, so that a test can take away or add any of it. */
export class Installation {
  private readonly recorded: RecordedEvent[] = [];

  constructor(readonly ground: Ground) {}

  append(stream: string, ...events: readonly DomainEvent[]): void {
    this.recorded.push(...this.ground.log.append(stream, ...events));
  }

  /** What was stored in the course of the day. */
  live(): void {
    this.append(locationStream(main), { type: 'LocationOpened', data: mainLocation() });
    for (const line of LINES) {
      const item = { sku: sku(`sku-${line}`), locationId: main, unit: 'piece' };
      const limits = { onHand: 10, threshold: 0, safety: 0, backorderLimit: 0 };
      this.append(shelf(line), { type: 'StockRegistered', data: { ...item, ...limits } });
    }
    this.accept(served);
    this.serve(served);
    this.giveBack(served);
    this.accept(waiting);
    const shortage = { lineId: idOf('line', 1), sku: sku('sku-1'), name: 'Thing 1', wanted: 2, available: 0 };
    this.append(
      orderStream(rejected),
      { type: 'OrderPlaced', data: placedOrder({ orderId: rejected }) },
      { type: 'StockShort', data: { shortages: [shortage] } },
      { type: 'OrderRejected', data: { reasons: [{ type: 'insufficient-stock', text: 'gone', ...shortage }] } },
    );
  }

  accept(orderId: OrderId): void {
    const paymentId = payment(orderId);
    const reservations = LINES.map((line) => ({
      lineId: idOf('line', line),
      reservationId: reservation(orderId, line),
    }));
    this.append(orderStream(orderId), { type: 'OrderPlaced', data: placedOrder({ orderId }) });
    for (const line of LINES) this.reserve(orderId, line);
    this.append(
      orderStream(orderId),
      { type: 'StockSecured', data: { reservations } },
      { type: 'OrderAccepted', data: { amountDue: eur(2_000), paymentId, paymentDueAt: dueAt } },
    );
    this.append(paymentStream(paymentId), {
      type: 'PaymentOpened',
      data: { paymentId, orderId, amount: eur(2_000), purpose: 'initial', captureMode: 'automatic', dueAt },
    });
  }

  reserve(orderId: OrderId, line: number, qty = 2): void {
    this.append(shelf(line), {
      type: 'StockReserved',
      data: { reservationId: reservation(orderId, line), orderId, qty },
    });
  }

  capture(orderId: OrderId, intentId = 'pi_1'): void {
    const method = { kind: 'card' };
    this.append(paymentStream(payment(orderId)), {
      type: 'PaymentCaptured',
      data: { orderId, amount: eur(2_000), intentId, method, seenBy: 'webhook', late: false },
    });
  }

  confirm(orderId: OrderId): void {
    const paymentId = payment(orderId);
    this.append(
      orderStream(orderId),
      {
        type: 'PaymentApplied',
        data: { paymentId, intentId: 'pi_1', amount: eur(2_000), capturedTotal: eur(2_000), method: 'card' },
      },
      { type: 'OrderConfirmed', data: { basis: 'captured' } },
    );
    for (const line of LINES) {
      this.append(shelf(line), {
        type: 'ReservationConfirmed',
        data: { reservationId: reservation(orderId, line) },
      });
    }
  }

  private serve(orderId: OrderId): void {
    const ticketId = ticket(orderId);
    this.capture(orderId);
    this.confirm(orderId);
    this.append(ticketStream(ticketId), { type: 'TicketOpened', data: openedTicket({ ticketId, orderId }) });
    this.append(orderStream(orderId), { type: 'FulfilmentStarted', data: { tickets: [{ ticketId }], shipLines: [] } });
    for (const line of LINES) {
      this.append(shelf(line), {
        type: 'StockConsumed',
        data: { reservationId: reservation(orderId, line), orderId, qty: 2, by: ticketId },
      });
    }
    this.append(
      ticketStream(ticketId),
      { type: 'TicketReady', data: { readyAt: later } },
      { type: 'TicketHandedOver', data: { to: 'customer', handedOverAt: later } },
    );
    this.append(
      orderStream(orderId),
      {
        type: 'LinesFulfilled',
        data: {
          by: ticketId,
          lines: LINES.map((line) => ({ lineId: idOf('line', line), qty: 2 })),
          how: 'handed_over',
        },
      },
      { type: 'OrderFulfilled', data: { at: later } },
      { type: 'OrderCompleted', data: { by: 'timer' } },
    );
  }

  /** Both units of its second line come back, one of them broken. */
  private giveBack(orderId: OrderId): void {
    const returnId = idOf('return', 1);
    const line = { lineId: idOf('line', 2), qty: 1 };
    this.append(orderStream(orderId), {
      type: 'LinesReturned',
      data: {
        returnId,
        lines: [
          { ...line, condition: 'sellable' },
          { ...line, condition: 'damaged' },
        ],
        by: 'staff',
      },
    });
    this.append(
      shelf(2),
      { type: 'StockReturned', data: { returnId: `${returnId}/0`, orderId, qty: 1 } },
      { type: 'StockWrittenOff', data: { returnId: `${returnId}/1`, orderId, qty: 1 } },
    );
  }

  /** Everybody comes to the end of the log: rows, checkpoints and the timer of the order that waits. */
  async settle(): Promise<void> {
    const { database, log } = this.ground;
    for (const readModel of readModels(createFolds({ reader: log }))) {
      await givenProjection(this.ground, readModel).when(
        this.recorded.filter(({ event }) => readModel.wants(event.type)),
      );
      await this.checkpoint(readModel.name);
    }
    for (const reactor of reactors) await this.checkpoint(reactor);
    await database.query(
      `INSERT INTO timers (id, process, correlation, due_at, command) VALUES ($1, 'payment-deadline', $2, $3, $4)`,
      [
        `payment-deadline/${waiting}/0`,
        waiting,
        dueAt,
        JSON.stringify({ task: { type: 'payment-due', orderId: waiting, paymentId: payment(waiting), round: 0 } }),
      ],
    );
    // the timer is due half an hour after the day's last heartbeat
    await database.query('UPDATE checkpoints SET updated_at = $1', [at]);
  }

  private async checkpoint(name: string): Promise<void> {
    await this.ground.database.query('INSERT INTO checkpoints (name, position) VALUES ($1, $2)', [
      name,
      String(this.ground.log.last),
    ]);
  }

  /** The heartbeat of everybody, so many minutes after the day's events: what comes before it had time to happen. */
  async beat(minutes: number): Promise<void> {
    const then = new Date(Date.parse(at) + minutes * 60_000).toISOString();
    await this.ground.database.query('UPDATE checkpoints SET updated_at = $1', [then]);
  }

  verify(): Promise<Verification> {
    const { log, database } = this.ground;
    return verify({
      feed: log,
      database,
      readModels: readModels(createFolds({ reader: log })),
      reactors,
      graceMs: 60_000,
    });
  }
}
