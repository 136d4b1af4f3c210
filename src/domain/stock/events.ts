import * as t from 'io-ts';
import { type EventOf, eventCodec } from '../kernel/eventCodec.js';
import { LocationIdCodec, OrderIdCodec, ReservationIdCodec, SkuCodec } from '../kernel/ids.js';
import { MoneyCodec } from '../kernel/money.js';

const definitions = {
  StockRegistered: {
    v: 1,
    data: t.type({
      sku: SkuCodec,
      locationId: LocationIdCodec,
      onHand: t.number,
      threshold: t.number,
      safety: t.number,
      backorderLimit: t.number,
      unit: t.string,
    }),
  },
  /** What is promised of it, and from when on it is low; the shelf itself stays as it is. */
  StockPolicyChanged: {
    v: 1,
    data: t.type({ threshold: t.number, safety: t.number, backorderLimit: t.number }),
  },
  StockAdjusted: {
    v: 1,
    data: t.intersection([
      t.type({ from: t.number, to: t.number, reason: t.string }),
      t.partial({ adjustmentId: t.string }),
    ]),
  },
  StockReceived: {
    v: 1,
    data: t.intersection([
      t.type({
        receiptId: t.string,
        qty: t.number,
        /** What it came with: a delivery note, an invoice. */
        ref: t.string,
      }),
      /** What all of it cost. */
      t.partial({ cost: MoneyCodec }),
    ]),
  },
  /** On its way to another location, where a TransferredIn follows. */
  TransferredOut: {
    v: 1,
    data: t.type({ transferId: t.string, sku: SkuCodec, from: LocationIdCodec, to: LocationIdCodec, qty: t.number }),
  },
  TransferredIn: { v: 1, data: t.type({ transferId: t.string, from: LocationIdCodec, qty: t.number }) },
  /** A customer gave them back, and they can be sold again. */
  StockReturned: { v: 1, data: t.type({ returnId: t.string, orderId: OrderIdCodec, qty: t.number }) },
  /** A customer gave them back, and nobody can sell them: they are on no shelf. */
  StockWrittenOff: { v: 1, data: t.type({ returnId: t.string, orderId: OrderIdCodec, qty: t.number }) },
  StockShortfallDetected: {
    v: 1,
    data: t.type({ missing: t.number, reservations: t.readonlyArray(ReservationIdCodec) }),
  },
  StockReserved: { v: 1, data: t.type({ reservationId: ReservationIdCodec, orderId: OrderIdCodec, qty: t.number }) },
  LowStockReached: { v: 1, data: t.type({ available: t.number, threshold: t.number }) },
  StockDepleted: { v: 1, data: t.type({}) },
  ReservationConfirmed: { v: 1, data: t.type({ reservationId: ReservationIdCodec }) },
  ReservationReleased: {
    v: 1,
    data: t.type({
      reservationId: ReservationIdCodec,
      orderId: OrderIdCodec,
      /** 0 where the release overtook its reserve: a later reserve with this id is then refused. */
      qty: t.number,
      why: t.keyof({ rejected: null, expired: null, cancelled: null, short: null }),
    }),
  },
  ReservationReduced: {
    v: 1,
    data: t.type({
      reservationId: ReservationIdCodec,
      orderId: OrderIdCodec,
      /** Units that are free again. */ qty: t.number,
    }),
  },
  /** Units stay set aside for their order, by another reservation of it: something is exchanged for itself. None is free in between. */
  ReservationCarriedOver: {
    v: 1,
    data: t.type({ from: ReservationIdCodec, to: ReservationIdCodec, orderId: OrderIdCodec, qty: t.number }),
  },
  StockConsumed: {
    v: 1,
    data: t.type({ reservationId: ReservationIdCodec, orderId: OrderIdCodec, qty: t.number, by: t.string }),
  },
} as const;

/** Every event of a stock item, as a union discriminated by `type`. */
export type StockEvent = EventOf<typeof definitions>;
export const stockEvents = eventCodec(definitions);
