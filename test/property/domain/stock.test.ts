import { expect } from 'chai';
import fc from 'fast-check';
import type { LocationId } from '../../../src/domain/kernel/ids.js';
import { trieEntries } from '../../../src/domain/kernel/hashTrie.js';
import {
  available,
  type Reservation,
  reservationOf,
  stock,
  type Stock,
  type StockCommand,
} from '../../../src/domain/stock/index.js';
import { anOrder, idOf, main, sku } from '../../support/fixtures.js';
import { walk } from '../../support/walk.js';

const reservationIds = fc.integer({ min: 1, max: 6 }).map((n) => idOf('reservation', n));
const units = fc.integer({ min: 0, max: 9 });

const toOrFrom = fc.constantFrom('elsewhere' as LocationId, main);

type Arbitraries = {
  readonly [Type in StockCommand['type']]: {
    readonly weight: number;
    readonly arbitrary: fc.Arbitrary<Extract<StockCommand, { type: Type }>>;
  };
};
/** Every command that there is, each in many shapes: one that is left out does not compile. */
const everyCommand: Arbitraries = {
  RegisterStock: {
    weight: 1,
    arbitrary: fc
      .record({
        onHand: fc.integer({ min: 0, max: 30 }),
        safety: fc.integer({ min: 0, max: 3 }),
        backorderLimit: fc.integer({ min: 0, max: 5 }),
        threshold: units,
      })
      .map((terms) => ({ type: 'RegisterStock', sku: sku('soup'), locationId: main, ...terms })),
  },
  SetPolicy: {
    weight: 1,
    arbitrary: fc
      .record({ safety: units, backorderLimit: units, threshold: units })
      .map((terms) => ({ type: 'SetPolicy', ...terms })),
  },
  AdjustStock: {
    weight: 2,
    arbitrary: fc.oneof(
      units.map((counted) => ({ type: 'AdjustStock' as const, counted, reason: 'counted' })),
      fc
        .record({ delta: fc.integer({ min: -9, max: 9 }), adjustmentId: fc.constantFrom('a', 'b', 'c') })
        .map((found) => ({ type: 'AdjustStock' as const, reason: 'found', ...found })),
    ),
  },
  ReceiveStock: {
    weight: 1,
    arbitrary: fc
      .record({ receiptId: fc.constantFrom('r1', 'r2', 'r3'), qty: units })
      .map((receipt) => ({ type: 'ReceiveStock', ref: 'a lorry', ...receipt })),
  },
  SendTransfer: {
    weight: 1,
    arbitrary: fc
      .record({ transferId: fc.constantFrom('t1', 't2', 't3'), to: toOrFrom, qty: units })
      .map((transfer) => ({ type: 'SendTransfer', ...transfer })),
  },
  TakeInTransfer: {
    weight: 1,
    arbitrary: fc
      .record({ transferId: fc.constantFrom('t4', 't5'), from: toOrFrom, qty: fc.integer({ min: 1, max: 9 }) })
      .map((transfer) => ({ type: 'TakeInTransfer', ...transfer })),
  },
  RestockReturn: {
    weight: 1,
    arbitrary: fc
      .record({
        returnId: fc.constantFrom('ret_1', 'ret_2'),
        qty: units,
        condition: fc.constantFrom('sellable' as const, 'damaged' as const),
      })
      .map((back) => ({ type: 'RestockReturn', orderId: anOrder, ...back })),
  },
  ReserveStock: {
    weight: 7,
    arbitrary: fc
      .record({
        reservationId: reservationIds,
        qty: units,
        from: fc.oneof(
          fc.constant([]),
          fc.array(fc.record({ reservationId: reservationIds, qty: units }), { maxLength: 2 }),
        ),
      })
      .map((wanted) => ({ type: 'ReserveStock', orderId: anOrder, ...wanted })),
  },
  RestoreReservation: {
    weight: 2,
    arbitrary: fc
      .record({
        reservationId: reservationIds,
        to: fc.array(fc.record({ reservationId: reservationIds, keep: units }), { maxLength: 2 }),
      })
      .map((back) => ({ type: 'RestoreReservation', orderId: anOrder, why: 'short', ...back })),
  },
  ConfirmReservation: {
    weight: 2,
    arbitrary: reservationIds.map((reservationId) => ({ type: 'ConfirmReservation', reservationId })),
  },
  ReleaseReservation: {
    weight: 2,
    arbitrary: reservationIds.map((reservationId) => ({
      type: 'ReleaseReservation',
      reservationId,
      orderId: anOrder,
      why: 'cancelled',
    })),
  },
  ReduceReservation: {
    weight: 2,
    arbitrary: fc
      .record({ reservationId: reservationIds, keep: units })
      .map((less) => ({ type: 'ReduceReservation', orderId: anOrder, why: 'cancelled', ...less })),
  },
  ConsumeReservation: {
    weight: 3,
    arbitrary: fc
      .record({ reservationId: reservationIds, qty: units, by: fc.constantFrom('tkt_1', 'tkt_2', 'tkt_3') })
      .map((used) => ({ type: 'ConsumeReservation', orderId: anOrder, ...used })),
  },
};
const register: fc.Arbitrary<StockCommand> = everyCommand.RegisterStock.arbitrary;
const anyCommand: fc.Arbitrary<StockCommand> = fc.oneof(
  ...Object.values<{ readonly weight: number; readonly arbitrary: fc.Arbitrary<StockCommand> }>(everyCommand),
);
const walks = fc
  .tuple(fc.option(register), fc.array(anyCommand, { maxLength: 50 }))
  .map(([first, rest]) => (first ? [first, ...rest] : rest));

const reservations = (state: Stock): readonly Reservation[] =>
  [...trieEntries(state.reservations.byId)].map(([, reservation]) => reservation);
const isActive = ({ status }: Reservation): boolean => status === 'held' || status === 'confirmed';

describe('a stock item, whatever is asked of it', () => {
  it('has reserved exactly what its held and confirmed reservations hold', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        let carried = false;
        walk(stock, commands, ({ command, events, before, after }) => {
          carried ||= events.some(({ type }) => type === 'ReservationCarriedOver');
          const held = reservations(after)
            .filter(isActive)
            .reduce((sum, { qty }) => sum + qty, 0);
          expect(after.status === 'none' ? 0 : after.reserved).to.equal(held);
          // one that gave all up may get it back
          for (const one of reservations(after))
            expect(isActive(one)).to.equal(one.qty > 0 || (carried && isActive(one)));
          if (after.status === 'registered') expect(after.onHand).to.be.at.least(0);
          if (command.type === 'ReduceReservation') {
            const { qty = 0, used = 0 } = reservationOf(before, command.reservationId) ?? {};
            const kept = Math.min(qty, Math.max(0, command.keep - used));
            expect(reservationOf(after, command.reservationId)?.qty ?? 0, 'what is wanted of it').to.equal(kept);
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it('never promises more than is there and the backorder limit', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        walk(stock, commands, ({ command, events, before, after }) => {
          if (command.type !== 'ReserveStock' || events.length === 0 || after.status === 'none') return;
          const promises = events.some(({ type }) => type === 'StockReserved');
          // what is only carried over was promised before
          if (!promises) expect(before.status === 'none' ? 0 : available(before)).to.equal(available(after));
          else expect(available(after)).to.be.at.least(-after.backorderLimit);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('accounts for every unit that was ever reserved: released, consumed, or still held', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        const held = new Map<string, number>();
        const state = walk(stock, commands, ({ events }) => {
          for (const { type, data } of events) {
            if (type === 'ReservationCarriedOver') {
              const given = (held.get(data.from) ?? 0) - data.qty;
              expect(given).to.be.at.least(0);
              held.set(data.from, given);
              held.set(data.to, (held.get(data.to) ?? 0) + data.qty);
            }
            if (!('reservationId' in data && 'qty' in data)) continue;
            const before = held.get(data.reservationId) ?? 0;
            // what is used beyond that comes out of what is free
            const change = type === 'StockReserved' ? data.qty : -Math.min(before, data.qty);
            held.set(data.reservationId, before + change);
            if (type === 'ReservationReleased') expect(data.qty).to.equal(before);
          }
        });
        const reserved = state.status === 'none' ? 0 : state.reserved;
        expect([...held.values()].reduce((sum, qty) => sum + qty, 0)).to.equal(reserved);
      }),
      { numRuns: 500 },
    );
  });

  it('has on the shelf what was there and came, less what went; nothing comes or goes twice, and no transfer takes what is promised', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        let onHand = 0;
        const seen = new Set<string>();
        walk(stock, commands, ({ events, after }) => {
          for (const { type, data } of events) {
            const id =
              'receiptId' in data
                ? data.receiptId
                : 'transferId' in data
                  ? data.transferId
                  : 'returnId' in data
                    ? data.returnId
                    : undefined;
            if (id !== undefined) {
              expect(seen.has(id), `${id} is counted once`).to.equal(false);
              seen.add(id);
            }
            if (type === 'StockRegistered') onHand = data.onHand;
            if (type === 'StockAdjusted') onHand = data.to;
            if (type === 'StockReceived' || type === 'TransferredIn' || type === 'StockReturned') onHand += data.qty;
            if (type === 'TransferredOut') onHand -= data.qty;
            if (type === 'StockConsumed') onHand = Math.max(0, onHand - data.qty);
            if (type === 'TransferredOut' && after.status === 'registered') expect(available(after)).to.be.at.least(0);
          }
          expect(after.status === 'none' ? 0 : after.onHand).to.equal(onHand);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('comes back from a snapshot as it was', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        const state = walk(stock, commands, () => undefined);
        const { toJson, fromJson } = stock.snapshot!;
        expect(fromJson(JSON.parse(JSON.stringify(toJson(state))))).to.deep.equal(state);
      }),
    );
  });

  it('sells fifty units to exactly fifty of two hundred who want one each', () => {
    const wanted = Array.from({ length: 200 }, (_, n): StockCommand => ({
      type: 'ReserveStock',
      reservationId: idOf('reservation', n),
      orderId: idOf('order', n),
      qty: 1,
    }));
    let sold = 0;
    const fifty: StockCommand = { type: 'RegisterStock', sku: sku('soup'), locationId: main, onHand: 50 };
    const state = walk(stock, [fifty, ...wanted], ({ command, after }) => {
      if (command.type === 'ReserveStock') sold += 1;
      if (after.status === 'registered') expect(after.reserved).to.be.at.most(50);
    });
    expect(sold).to.equal(50);
    expect(state).to.deep.include({ onHand: 50, reserved: 50 });
  });
});
