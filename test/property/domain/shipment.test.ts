import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import {
  type ExistingShipment,
  isCreated,
  OWN_COURIER,
  representShipment,
  shipment,
  type ShipmentAction,
  type ShipmentCommand,
  wasDispatched,
} from '../../../src/domain/shipment/index.js';
import { anOrder, at, createdShipment, later, main } from '../../support/fixtures.js';
import { shipmentArrows as arrows } from '../../support/stateMachines/arrows.js';
import { walk } from '../../support/walk.js';
import { carrierStatuses, commands as oneOfEach, elsewhere } from '../../unit/domain/shipment/histories.js';

const carriers = fc.constantFrom('post', 'bikes');
const bookings = fc.constantFrom('b1', 'b2', 'b3');
const words = fc.integer({ min: 1, max: 6 }).map((n) => `e${n}`);
const moments = fc.integer({ min: 10, max: 23 }).map((hour) => `2024-05-05T${hour}:00:00.000Z`);
const by = 'ana';

/** Every command that there is, each in many shapes: one that is left out does not compile. */
const everyCommand: {
  readonly [Type in ShipmentCommand['type']]: fc.Arbitrary<Extract<ShipmentCommand, { type: Type }>>;
} = {
  CreateShipment: fc.option(fc.constant(elsewhere), { nil: undefined }).map((deliverTo) => ({
    type: 'CreateShipment',
    shipment: createdShipment(deliverTo === undefined ? {} : { deliverTo }),
  })),
  ReaddressShipment: fc
    .constantFrom('here', 'there')
    .map((place) => ({ type: 'ReaddressShipment', deliverTo: `sealed:${place}` as typeof elsewhere, by })),
  PackShipment: fc.constant({ type: 'PackShipment', by, at }),
  BuyLabel: fc
    .record({ bookingId: bookings, carrier: carriers, weight: fc.constantFrom(1200, 1200, 0) })
    .map(({ weight, ...wish }) => ({
      type: 'BuyLabel',
      ...wish,
      parcels: [{ weight }],
      from: { locationId: main, name: 'Main' },
      by,
      at,
    })),
  RecordLabel: fc
    .record({ bookingId: bookings, carrier: carriers, carrierEventId: words, isSold: fc.boolean() })
    .map(({ isSold, ...told }) => ({
      type: 'RecordLabel',
      ...told,
      answer: isSold
        ? { status: 'created', trackingNo: `RR-${told.bookingId}` }
        : { status: 'refused', reason: 'full' },
      occurredAt: later,
    })),
  LapseLabel: bookings.map((bookingId) => ({ type: 'LapseLabel', bookingId, by: 'labels', at: later })),
  RecordLabelVoid: fc
    .record({ bookingId: bookings, carrier: carriers, carrierEventId: words, isTaken: fc.boolean() })
    .map(({ isTaken, ...told }) => ({
      type: 'RecordLabelVoid',
      ...told,
      answer: isTaken ? { status: 'voided' } : { status: 'refused', reason: 'too late' },
      occurredAt: later,
    })),
  LapseLabelVoid: bookings.map((bookingId) => ({ type: 'LapseLabelVoid', bookingId, by: 'labels', at: later })),
  AssignCourier: fc.constantFrom('staff/7', 'staff/8').map((courier) => ({ type: 'AssignCourier', courier, by, at })),
  DispatchShipment: fc.option(fc.constantFrom('post', 'bikes', OWN_COURIER), { nil: undefined }).map((carrier) => ({
    type: 'DispatchShipment',
    ...(carrier === undefined ? {} : { carrier, trackingNo: 'RR9' }),
    by,
    at: later,
  })),
  RecordCarrierUpdate: fc
    .record({
      carrier: carriers,
      carrierEventId: words,
      status: fc.constantFrom(...carrierStatuses),
      occurredAt: moments,
    })
    .map((told) => ({ type: 'RecordCarrierUpdate', ...told })),
  FailAttempt: fc
    .constantFrom('a1', 'a2')
    .map((attemptId) => ({ type: 'FailAttempt', attemptId, reason: 'nobody there', by, at: later })),
  DeliverShipment: fc
    .option(fc.constantFrom('the neighbours had it', ' '), { nil: undefined })
    .map((reason) => ({ type: 'DeliverShipment', by, at: later, ...(reason === undefined ? {} : { reason }) })),
  ReturnToSender: fc.constant(oneOfEach.ReturnToSender),
  MarkLost: fc.constant(oneOfEach.MarkLost),
  CancelShipment: fc.constant({ ...oneOfEach.CancelShipment, orderId: anOrder }),
};
/** What ends a shipment comes less often, or none would live for long. */
const ENDS: ReadonlySet<string> = new Set(['DeliverShipment', 'ReturnToSender', 'MarkLost', 'CancelShipment']);
const anyCommand: fc.Arbitrary<ShipmentCommand> = fc.oneof(
  ...Object.entries<fc.Arbitrary<ShipmentCommand>>(everyCommand).map(([type, arbitrary]) => ({
    weight: ENDS.has(type) ? 1 : 4,
    arbitrary,
  })),
);
const walks = fc
  .tuple(everyCommand.CreateShipment, fc.array(anyCommand, { maxLength: 40 }), fc.boolean())
  .map(([first, rest, isFirst]): readonly ShipmentCommand[] => (isFirst ? [first, ...rest] : rest));

/** How each action is asked for. */
const ASKED: Readonly<Record<ShipmentAction, ShipmentCommand>> = {
  pack: oneOfEach.PackShipment,
  buy_label: { ...oneOfEach.BuyLabel, bookingId: 'b9' },
  assign_courier: { ...oneOfEach.AssignCourier, courier: 'staff/9' },
  dispatch: oneOfEach.DispatchShipment,
  deliver: { ...oneOfEach.DeliverShipment, reason: 'found' },
  fail_attempt: { ...oneOfEach.FailAttempt, attemptId: 'a9' },
  return: oneOfEach.ReturnToSender,
  mark_lost: oneOfEach.MarkLost,
  cancel: oneOfEach.CancelShipment,
};

/** Whether it is to go, or went, with this label. */
function isUsed(after: ExistingShipment, bookingId: string): boolean {
  const { label } = after;
  if (label?.bookingId !== bookingId || label.state !== 'bought') return false;
  if ('dispatch' in after) return after.dispatch.carrier === label.carrier;
  return after.status !== 'cancelled';
}

describe('a shipment, whatever is asked of it and whatever carriers say', () => {
  it('goes only where its arrows lead, and has the units that it was made with', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        walk(shipment, commands, ({ command, before, after }) => {
          if (after.status !== before.status) expect(arrows[before.status]).to.include(after.status);
          if (!isCreated(after)) return;
          expect(after.details.lines).to.deep.equal(createdShipment().lines);
          if (before.status === 'lost' && after.status === 'delivered') {
            // a carrier's word does not find it: somebody says how that came
            expect(command).to.have.property('type', 'DeliverShipment');
            expect(command).to.have.property('reason', 'the neighbours had it');
          }
          if (wasDispatched(before)) expect(wasDispatched(after)).to.equal(true);
          const attempts = after.attempts.map(({ attemptId }) => attemptId);
          expect(new Set(attempts).size, 'each attempt once').to.equal(attempts.length);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('writes each word of a carrier down once, and one that comes late moves nothing', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        walk(shipment, commands, ({ command, events, before, after }) => {
          if (!isCreated(before) || !isCreated(after)) return;
          expect(new Set(after.updates).size).to.equal(after.updates.length);
          expect((after.toldUntil ?? '') >= (before.toldUntil ?? '')).to.equal(true);
          if (command.type !== 'RecordCarrierUpdate') return;
          const isLate = before.toldUntil !== undefined && command.occurredAt < before.toldUntil;
          if (isLate) expect(events.map(({ type }) => type).join()).to.be.oneOf(['', 'CarrierUpdateRecorded']);
        });
      }),
      { numRuns: 500 },
    );
  });

  it('uses every label that was sold, or has its carrier asked to take it back, once', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        const sold = new Set<string>();
        const asked: string[] = [];
        walk(shipment, commands, ({ events, after }) => {
          for (const { type, data } of events) {
            if (type === 'LabelBought') sold.add(data.bookingId);
            if (type === 'LabelVoidRequested') asked.push(data.bookingId);
          }
          expect(new Set(asked).size).to.equal(asked.length);
          if (!isCreated(after)) return;
          for (const bookingId of sold) {
            const isUnused = (after.unused ?? []).some((label) => label.bookingId === bookingId);
            expect(isUsed(after, bookingId) || isUnused, `${bookingId} of one that is ${after.status}`).to.equal(true);
          }
        });
      }),
      { numRuns: 500 },
    );
  });

  it('takes whatever it says may be done with it, and refuses what it does not name', () => {
    fc.assert(
      fc.property(walks, (commands) => {
        walk(shipment, commands, ({ after }) => {
          const allowed = representShipment(after, 0)?.allowed;
          if (allowed === undefined) return;
          for (const [action, command] of Object.entries(ASKED) as [ShipmentAction, ShipmentCommand][]) {
            const decision = shipment.decide(command, after);
            const isTaken = E.isRight(decision) && decision.right.length > 0;
            expect(isTaken, `${action} of one that is ${after.status}`).to.equal(allowed.includes(action));
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});
