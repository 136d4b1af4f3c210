import { expect } from 'chai';
import { LeaseLost, mayPass, UnprocessableEvent } from '../../../src/subscriptions/faults.js';
import { FEED_TIMINGS } from '../../../src/subscriptions/feed/timings.js';
import { DatabaseRejected, DatabaseUnavailable } from '../../../src/subscriptions/ports/database.js';
import { RUNNER_TIMINGS } from '../../../src/subscriptions/runners/timings.js';

const rejected = (sqlState: string): DatabaseRejected => new DatabaseRejected('no', { sqlState });

describe('faults of a runner', () => {
  for (const sqlState of ['21000', '22001', '23505', '54000']) {
    it(`are the event's own where the database says ${sqlState}: trying again never helps`, () => {
      expect(mayPass(rejected(sqlState))).to.equal(false);
    });
  }
  for (const sqlState of ['42P01', '42501', '25006']) {
    it(`may pass where the database says ${sqlState}: somebody can mend it`, () => {
      expect(mayPass(rejected(sqlState))).to.equal(true);
    });
  }
  it('may pass where the database is away, and never where the event is wrong or the lease is gone', () => {
    expect(mayPass(new DatabaseUnavailable('away', {}))).to.equal(true);
    expect(mayPass(new UnprocessableEvent('wrong'))).to.equal(false);
    expect(mayPass(new LeaseLost('orders'))).to.equal(false);
  });
});

describe('what is promised to be noticed within five seconds', () => {
  const PROMISED_MS = 5_000;
  it('is a runner whose process is gone: its lease runs out, and somebody tries at every heartbeat', () => {
    expect(RUNNER_TIMINGS.leaseMs + RUNNER_TIMINGS.heartbeatMs).to.be.at.most(PROMISED_MS);
    expect(RUNNER_TIMINGS.leaseMs).to.be.greaterThan(2 * RUNNER_TIMINGS.heartbeatMs);
  });
  it('is a feed that is silent behind the end of the log: looked at, and the end asked for, even on a dead connection', () => {
    const { silenceMs, watchEveryMs, headMs } = FEED_TIMINGS;
    expect(silenceMs + watchEveryMs + headMs).to.be.at.most(PROMISED_MS);
  });
});
