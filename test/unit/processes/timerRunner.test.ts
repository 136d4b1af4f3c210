import { expect } from 'chai';
import type { DueTimer } from '../../../src/processes/timers/timer.js';
import { startTimerRunner } from '../../../src/processes/timers/timerRunner.js';
import type { TimerTable } from '../../../src/processes/timers/timerTable.js';
import { anOrder } from '../../support/fixtures.js';

const dueAt = '2026-06-01T08:01:07.000Z';
const timer: DueTimer = {
  id: `hold-deadline/${anOrder}/4`,
  process: 'hold-deadline',
  correlation: anOrder,
  dueAt,
  task: { type: 'hold-due', orderId: anOrder, decideBy: dueAt },
  origin: { correlationId: 'correlation-1', causationId: 'event-1', tenant: 'main' },
};

/** The time that a timer is fired with which was claimed when it was due, by a clock that says this afterwards. */
async function firedAt(clock: string): Promise<string> {
  let claims = [{ id: timer.id, dueAt, timer }];
  const table: Pick<TimerTable, 'claimDue' | 'fired' | 'again' | 'nextDueAt'> = {
    claimDue: () => Promise.resolve(claims.splice(0)),
    fired: () => Promise.resolve(),
    again: () => Promise.resolve(),
    nextDueAt: () => Promise.resolve(undefined),
  };
  return new Promise((resolve, reject) => {
    const runner = startTimerRunner({
      table: table as TimerTable,
      clock: { now: () => clock },
      fire: new Map([
        [
          timer.process,
          (_, now) => {
            claims = [];
            resolve(now);
            void runner.stop();
            return Promise.resolve();
          },
        ],
      ]),
      failed: reject,
    });
  });
}

describe('the timer runner', () => {
  it('fires a timer with the time that the clock says', async () => {
    expect(await firedAt('2026-06-01T08:01:09.500Z')).to.equal('2026-06-01T08:01:09.500Z');
  });

  it('fires it with no earlier time than it was due at, where the clock was put back since it was claimed', async () => {
    expect(await firedAt('2026-06-01T08:01:02.362Z')).to.equal(dueAt);
  });
});
