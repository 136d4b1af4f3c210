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

/** The time that a timer is fired with which was claimed then; or, where firing it fails, for how long it is put off. */
async function runs(claimedAt: string, fails = false): Promise<string | number> {
  let claims = [{ id: timer.id, dueAt, claimedAt, timer }];
  return new Promise((resolve, reject) => {
    const table: Pick<TimerTable, 'claimDue' | 'fired' | 'again' | 'untilNextMs'> = {
      claimDue: () => Promise.resolve(claims.splice(0)),
      fired: () => Promise.resolve(),
      again: (_, afterMs) => Promise.resolve(resolve(afterMs)),
      untilNextMs: () => Promise.resolve(undefined),
    };
    const runner = startTimerRunner({
      table: table as TimerTable,
      fire: new Map([
        [
          timer.process,
          (_, now) => {
            claims = [];
            void runner.stop();
            if (fails) return Promise.reject(new Error('the provider is down'));
            resolve(now);
            return Promise.resolve();
          },
        ],
      ]),
      failed: fails ? () => undefined : reject,
    });
  });
}

describe('the timer runner', () => {
  it('fires a timer with the time at which it was claimed, whatever the clock of this machine says', async () => {
    expect(await runs('2026-06-01T08:01:09.500Z')).to.equal('2026-06-01T08:01:09.500Z');
  });

  it('puts off what fails by as long again as it was late then, a second at least and a minute at most', async () => {
    expect(await runs(dueAt, true)).to.equal(1_000);
    expect(await runs('2026-06-01T08:01:12.000Z', true)).to.equal(5_000);
    expect(await runs('2026-06-02T08:01:07.000Z', true)).to.equal(60_000);
  });
});
