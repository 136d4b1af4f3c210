import { expect } from 'chai';
import { type FaultPlan, NO_FAULTS } from './faults/plan.js';
import * as sabotage from './faults/sabotage.js';
import { run, type RunOptions } from './run.js';
import type { Sabotage } from './world/installation.js';

/** How many seeds a missing guard may escape. */
const BOUND = 100;

/** The first seed within the bound that notices by this promise; what others said before it, where none does. */
async function caught(options: RunOptions, says: RegExp): Promise<{ seed?: number; message: string }> {
  const others: string[] = [];
  for (let seed = 1; seed <= BOUND; seed += 1) {
    const { failure } = await run(seed, options);
    if (failure && says.test(failure.message)) return { seed, message: failure.message };
    if (failure) others.push(failure.message);
  }
  return { message: `nothing of the kind, but ${JSON.stringify(others)}` };
}

/** A process that is away for longer than its leases hold, and wakes up. */
const FROZEN: FaultPlan = {
  ...NO_FAULTS,
  processFaults: [{ kind: 'freeze', process: 0, atStep: 60, forMs: 100_000, byMs: 0 }],
  healedAtMs: 90_000,
};

const PLANTED: readonly {
  readonly what: string;
  readonly planted: Sabotage;
  readonly says: RegExp;
  readonly plan?: FaultPlan;
}[] = [
  {
    what: 'a publisher that moves its checkpoint before the broker has confirmed',
    planted: sabotage.unconfirmed,
    says: /every fact is published|comes to rest/,
  },
  {
    what: 'an owner of a runner that commits after another one took it over',
    planted: sabotage.unfenced,
    plan: FROZEN,
    says: /only the owner of a runner/,
  },
  {
    what: 'stock that an expired order does not give back',
    planted: sabotage.unreleased,
    says: /every reservation has a live or fulfilled order/,
  },
  {
    what: 'event ids that another decision for the same place in a stream has as well',
    planted: sabotage.idsOfPlaces,
    says: /comes to rest|acknowledged|fold of its stream|captured less refunded/,
  },
  {
    what: 'an inbox that takes a webhook in each time that it is sent',
    planted: sabotage.eachDelivery,
    says: /nobody does their work twice: the webhook/,
  },
  {
    what: 'a payment consumer that asks for another payment page each time',
    planted: sabotage.askedAnew,
    says: /nobody does their work twice|captured less refunded/,
  },
  {
    what: 'a refund consumer that gives money back each time',
    planted: sabotage.refundedAnew,
    says: /captured less refunded/,
  },
];

describe('The simulation catches', function () {
  this.timeout(0);

  for (const { what, planted, says, plan } of PLANTED) {
    it(what, async () => {
      const faults = plan ? { plan } : {};
      const { seed = 0, message } = await caught({ ...faults, sabotage: planted }, says);
      expect(message, `within ${BOUND} seeds`).to.match(says);
      // with the guard in its place the same seed holds
      expect((await run(seed, faults)).failure).to.equal(undefined);
    });
  }
});
