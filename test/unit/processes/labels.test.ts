import { expect } from 'chai';
import { taskIdOf } from '../../../src/commands/identity.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { shipment, type ShipmentEvent } from '../../../src/domain/shipment/index.js';
import { labelDue, labels } from '../../../src/processes/labels.js';
import { anOrder, aShipment, at, later } from '../../support/fixtures.js';
import { cancelled } from '../domain/shipment/histories.js';
import {
  courierAssigned,
  dispatchedBy,
  labelBought,
  labelHistories,
  labelRefused,
  labelRequested,
  labelVoided,
  voidLapsed,
  voidRefused,
} from '../domain/shipment/labels.js';
import { commandsOf, names, playEvent, playTimer } from './support/play.js';
import { recorded } from './support/recorded.js';

/** What follows from the last of these events of one shipment. */
const after = (...history: readonly ShipmentEvent[]) => {
  const last = history.at(-1);
  if (last === undefined) throw new Error('there is no event');
  return playEvent(labels, recorded(`shipment-${aShipment}`, last, history.length - 1), {
    before: fold(shipment, shipment.initial, history.slice(0, -1)),
    after: fold(shipment, shipment.initial, history),
  });
};
const timerFor = (type: 'label-due' | 'label-void-due') => ({
  id: 'a timer',
  process: 'labels',
  correlation: anOrder,
  dueAt: later,
  task: { type, shipmentId: aShipment, bookingId: 'b1' } as const,
  origin: { correlationId: 'c', causationId: 'e', tenant: 'main' },
});
const taskId = taskIdOf('label_missing', aShipment, 'b1');

describe('a label that a carrier is asked for', () => {
  it('is waited for a day', () => {
    const rounds = after(...labelHistories.requested);
    expect(names(rounds)).to.deep.equal([[`schedule labels/${aShipment}/b1`]]);
    expect(rounds[0]?.[0]).to.deep.nested.include({ 'timer.dueAt': '2024-05-05T12:00:00.000Z' });
  });

  it('lapses then, if the shipment has no answer', () => {
    expect(commandsOf(playTimer(labelDue, timerFor('label-due'), null, at), 'LapseLabel')).to.deep.equal([
      { type: 'LapseLabel', bookingId: 'b1', by: 'labels', at },
    ]);
  });
});

describe('a label that nobody sells', () => {
  it('is a task, which says why', () => {
    const tasks = (...history: readonly ShipmentEvent[]) =>
      commandsOf(after(...history), 'OpenTask').map(({ task }) => [task.taskId, task.kind, task.text]);
    expect(tasks(...labelHistories.refused)).to.deep.equal([
      [taskId, 'label_missing', `the shipment ${aShipment} has no label: post does not take it: too heavy`],
    ]);
    expect(tasks(...labelHistories.lapsed)).to.deep.equal([
      [taskId, 'label_missing', `the shipment ${aShipment} has no label: post said nothing`],
    ]);
    // that it is refused after it lapsed makes no second one
    expect(after(...labelHistories.lapsed, labelRefused())).to.deep.equal([]);
  });

  it('is a task no more once there is a label, a courier, or no need of either', () => {
    const solutions = [
      labelRequested('b2'),
      labelBought('l2'),
      courierAssigned(),
      dispatchedBy('pigeons'),
      cancelled,
    ] as const;
    for (const solution of solutions) {
      expect(commandsOf(after(...labelHistories.refused, solution), 'CompleteTask'), solution.type).to.deep.equal([
        { type: 'CompleteTask', by: 'system', at },
      ]);
    }
  });

  it('is none where the shipment needs no label: it left, was taken back, or goes by a courier', () => {
    expect(after(...labelHistories.requested, dispatchedBy('pigeons'), labelRefused())).to.deep.equal([]);
    expect(after(...labelHistories['asked for, then cancelled'], labelRefused())).to.deep.equal([]);
    expect(after(...labelHistories['a courier'])).to.deep.equal([]);
    expect(after(...labelHistories.bought)).to.deep.equal([]);
    expect(after(cancelled)).to.deep.equal([]);
  });
});

describe('a label that is not used', () => {
  const back = labelHistories['to be taken back'];
  const refused = `the label RR1 of the shipment ${aShipment} is paid for and not used: post does not take it back: it was scanned`;
  const silent = `the label RR1 of the shipment ${aShipment} is paid for and not used: post said nothing`;

  it('is waited for a day until its carrier takes it back, and no longer', () => {
    const rounds = after(...back);
    expect(names(rounds)).to.deep.equal([[`schedule labels/${aShipment}/void/b1`]]);
    expect(rounds[0]?.[0]).to.deep.nested.include({
      'timer.dueAt': '2024-05-05T12:00:00.000Z',
      'timer.task': { type: 'label-void-due', shipmentId: aShipment, bookingId: 'b1' },
    });
    expect(commandsOf(playTimer(labelDue, timerFor('label-void-due'), null, at), 'LapseLabelVoid')).to.deep.equal([
      { type: 'LapseLabelVoid', bookingId: 'b1', by: 'labels', at },
    ]);
    expect(after(...back, labelVoided())).to.deep.equal([]);
  });

  it('is a task where the carrier does not take it back or says nothing, once, until it does after all', () => {
    const tasks = (...history: readonly ShipmentEvent[]) =>
      commandsOf(after(...history), 'OpenTask').map(({ task }) => [task.taskId, task.kind, task.text]);
    const its = taskIdOf('label_not_voided', aShipment, 'b1');
    expect(tasks(...back, voidRefused())).to.deep.equal([[its, 'label_not_voided', refused]]);
    expect(tasks(...back, voidLapsed)).to.deep.equal([[its, 'label_not_voided', silent]]);
    expect(after(...back, voidLapsed, voidRefused())).to.deep.equal([]);
    for (const answer of [voidRefused(), voidLapsed]) {
      expect(commandsOf(after(...back, answer, labelVoided('v2')), 'CompleteTask'), answer.type).to.deep.equal([
        { type: 'CompleteTask', by: 'system', at },
      ]);
    }
  });
});
