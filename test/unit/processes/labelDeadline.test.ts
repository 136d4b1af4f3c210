import { expect } from 'chai';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { type ExistingShipment, shipment } from '../../../src/domain/shipment/index.js';
import { labelDeadline, labelDue } from '../../../src/processes/labelDeadline.js';
import { anOrder, aShipment, at, later } from '../../support/fixtures.js';
import { labelHistories, labelRequested } from '../domain/shipment/labels.js';
import { commandsOf, names, playEvent, playTimer } from './support/play.js';
import { recorded } from './support/recorded.js';

describe('a label that nobody sells', () => {
  it('is waited for a day', () => {
    const state = fold(shipment, shipment.initial, labelHistories.requested) as ExistingShipment;
    const rounds = playEvent(labelDeadline, recorded(`shipment-${aShipment}`, labelRequested(), 1), state);
    expect(names(rounds)).to.deep.equal([[`schedule label-deadline/${aShipment}/b1`]]);
    expect(rounds[0]?.[0]).to.deep.nested.include({ 'timer.dueAt': '2024-05-05T12:00:00.000Z' });
  });

  it('lapses then, if the shipment has no answer', () => {
    const timer = {
      id: 'a timer',
      process: 'label-deadline',
      correlation: anOrder,
      dueAt: later,
      task: { type: 'label-due', shipmentId: aShipment, bookingId: 'b1' } as const,
      origin: { correlationId: 'c', causationId: 'e', tenant: 'main' },
    };
    expect(commandsOf(playTimer(labelDue, timer, null, at), 'LapseLabel')).to.deep.equal([
      { type: 'LapseLabel', bookingId: 'b1', by: 'label-deadline', at },
    ]);
  });
});
