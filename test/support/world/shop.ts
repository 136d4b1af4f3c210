import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext, Executor } from '../../../src/commands/executor/contract.js';
import {
  addedLineIdOf,
  amendmentIdOf,
  cancellationIdOf,
  checkIdOf,
  derivedCommandId,
  lineIdOf,
  orderIdOfKey,
  paymentIdOf,
  shipmentIdOf,
  ticketIdOf,
} from '../../../src/commands/identity.js';
import type { OrderId, Sku } from '../../../src/domain/kernel/ids.js';
import {
  orderStream,
  shipmentStream,
  stockStream,
  type StreamName,
  ticketStream,
} from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { shipment, type ShipmentCommand } from '../../../src/domain/shipment/index.js';
import { stock } from '../../../src/domain/stock/index.js';
import { ticket, type TicketCommand } from '../../../src/domain/ticket/index.js';
import { at, eur, idOf, later, main, orderLine, placedOrder, sealedNote, sku } from '../fixtures.js';

/** A command of somebody outside. */
export const contextFor = (stream: StreamName, step: string): CommandContext => ({
  commandId: derivedCommandId('shop', 'test', step, stream),
  correlationId: 'correlation-1',
  causationId: null,
  actor: { kind: 'admin', id: 'admin/local' },
  tenant: 'main',
  at,
});

type PlacedOrder = Extract<OrderCommand, { type: 'PlaceOrder' }>['order'];

/** A line that somebody wants: `['apple', 2]`; untracked with a third element. */
export type Wish = readonly [item: string, qty: number, untracked?: 'untracked'];

/** What people do from outside: count stock, place orders, cancel them. Repeated, it changes nothing. */
export function shopOn(executor: Executor) {
  const act = async (id: OrderId, step: string, command: OrderCommand): Promise<boolean> => {
    const stream = orderStream(id);
    return E.isRight(await executor.execute(order, stream, command, contextFor(stream, step)));
  };
  return {
    /** Whatever may be asked of an order. */
    act,
    count: async (item: string, onHand: number): Promise<void> => {
      const stream = stockStream(sku(item), main);
      const command = { type: 'RegisterStock', sku: sku(item), locationId: main, onHand } as const;
      const answer = await executor.execute(stock, stream, command, contextFor(stream, 'register'));
      if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
    },
    recount: async (item: string, counted: number): Promise<void> => {
      const stream = stockStream(sku(item), main);
      const command = { type: 'AdjustStock', counted, reason: 'delivered' } as const;
      const answer = await executor.execute(stock, stream, command, contextFor(stream, `count ${counted}`));
      if (E.isLeft(answer)) throw new Error(JSON.stringify(answer.left));
    },
    /** Places an order; its id follows from the key. */
    place: async (key: string, wishes: readonly Wish[], change: Partial<PlacedOrder> = {}): Promise<OrderId> => {
      const orderId = orderIdOfKey('admin/local', key);
      const lines = wishes.map(([item, qty, untracked], index) =>
        orderLine(index + 1, {
          lineId: lineIdOf(orderId, index),
          sku: sku(item),
          name: item,
          qty,
          track: untracked === undefined,
          prepSeconds: 10 * (index + 1),
        }),
      );
      const tracked = lines.some(({ track }) => track);
      const placed = placedOrder({
        orderId,
        lines,
        gates: {
          check: change.screening ? 'required' : 'skipped',
          stock: tracked ? 'required' : 'skipped',
          discounts: 'skipped',
        },
        ...(change.screening ? { checkId: checkIdOf(orderId) } : {}),
        ...change,
      });
      const done = await act(orderId, 'place', {
        type: 'PlaceOrder',
        order: placed,
        acceptance: { paymentId: paymentIdOf(orderId, 1), paymentDueAt: later },
        allowedModes: [placed.mode],
      });
      if (!done) throw new Error('the order was refused');
      return orderId;
    },
    /** Answers whether it was (or had been) cancelled. */
    cancel: (id: OrderId): Promise<boolean> =>
      act(id, 'cancel', {
        type: 'RequestCancellation',
        cancellationId: cancellationIdOf(id, 'cancel'),
        reason: 'changed my mind',
        by: 'customer',
      }),
    /** The staff want it cancelled, whatever the kitchen does, or only where it has not begun. */
    stop: (id: OrderId, force: boolean): Promise<boolean> =>
      act(id, `stop ${force}`, {
        type: 'RequestCancellation',
        cancellationId: cancellationIdOf(id, `stop ${force}`),
        reason: 'out of gas',
        by: 'staff',
        force,
      }),
    drop: (id: OrderId, qty: number): Promise<boolean> =>
      act(id, 'drop', {
        type: 'CancelLines',
        cancellationId: cancellationIdOf(id, 'drop'),
        lines: [{ lineId: lineIdOf(id, 0), qty }],
        reason: 'not there',
        by: 'staff',
        at,
      }),
    /** Lets these come on top, and units of the first line go. */
    amend: (id: OrderId, wishes: readonly Wish[], drop = 0): Promise<boolean> => {
      const amendmentId = amendmentIdOf(id, 'amend');
      return act(id, 'amend', {
        type: 'AmendOrder',
        amendmentId,
        add: wishes.map(([item, qty, untracked], ordinal) =>
          orderLine(ordinal + 1, {
            lineId: addedLineIdOf(amendmentId, ordinal),
            sku: sku(item),
            name: item,
            qty,
            track: untracked === undefined,
            prepSeconds: 10,
          }),
        ),
        drop: drop > 0 ? [{ lineId: lineIdOf(id, 0), qty: drop }] : [],
        settlement: 'refund',
        by: 'staff',
        at,
        payments: [{ paymentId: paymentIdOf(id, 2), ordinal: 2, dueAt: later }],
        maximum: eur(100_000),
      });
    },
    /** What the cooks do to the ticket of an order. */
    kitchen: async (id: OrderId, command: TicketCommand): Promise<boolean> => {
      const stream = ticketStream(ticketIdOf(id, main));
      return E.isRight(await executor.execute(ticket, stream, command, contextFor(stream, command.type)));
    },
    /** Gives back some money as a favour. */
    favour: (id: OrderId, amount: number): Promise<boolean> =>
      act(id, 'favour', {
        type: 'GrantRefund',
        refundKey: 'favour',
        refund: { amount: { amount, currency: 'EUR' } },
        reason: 'goodwill',
        automaticUpTo: 5_000,
      }),
    /** Puts units of the first line into a parcel. */
    allot: (id: OrderId, parcel: string, qty: number): Promise<boolean> =>
      act(id, `allot ${parcel}`, {
        type: 'AllotLines',
        shipmentId: shipmentIdOf(id, parcel),
        lines: [{ lineId: lineIdOf(id, 0), qty }],
      }),
    /** What happens to a parcel. */
    parcel: async (id: OrderId, parcel: string, command: ShipmentCommand): Promise<boolean> => {
      const stream = shipmentStream(shipmentIdOf(id, parcel));
      return E.isRight(await executor.execute(shipment, stream, command, contextFor(stream, command.type)));
    },
    /** Somebody decides on a held order. */
    decide: (
      id: OrderId,
      decision: 'accept' | 'reject' | 'amend',
      { now = at, drop = 0 }: { readonly now?: string; readonly drop?: number } = {},
    ): Promise<boolean> =>
      act(id, `decide ${decision}`, {
        type: 'ResolveHold',
        decision,
        by: 'staff',
        at: now,
        ...(drop > 0 ? { lines: [{ lineId: lineIdOf(id, 0), qty: drop }] } : {}),
        acceptance: { paymentId: paymentIdOf(id, 1), paymentDueAt: later },
      }),
    /** The staff write something down for the kitchen. */
    note: (id: OrderId, n: number): Promise<boolean> =>
      act(id, `note ${n}`, {
        type: 'AddNote',
        noteId: idOf('note', n),
        sealed: sealedNote(`note ${n}`),
        visibility: 'kitchen',
      }),
    hold: (id: OrderId, decideBy: string): Promise<boolean> =>
      act(id, 'hold', { type: 'HoldOrder', kind: 'manual', detail: 'a strange order', decideBy }),
    /** What is on the shelf and how much of it is promised. */
    shelf: async (item: string): Promise<{ readonly onHand: number; readonly reserved: number }> => {
      const { state } = await executor.load(stock, stockStream(item as Sku, main), { fresh: true });
      if (state.status === 'none') throw new Error(`${item} was never counted`);
      return { onHand: state.onHand, reserved: state.reserved };
    },
    statusOf: async (id: OrderId): Promise<string> =>
      (await executor.load(order, orderStream(id), { fresh: true })).state.status,
  };
}
