import { expect } from 'chai';
import { type FaultPlan, NO_FAULTS } from './faults/plan.js';
import * as forgotten from './faults/forgottenRefunds.js';
import * as sabotage from './faults/sabotage.js';
import { run, type RunOptions } from './run.js';
import type { Sabotage } from './world/installation.js';

/** How many seeds a missing guard may escape. */
const BOUND = 200;

/** The first seed within the bound that notices by this promise; what others said before it, where none does. */
async function caught(
  optionsOf: (seed: number) => RunOptions,
  says: RegExp,
): Promise<{ seed?: number; message: string }> {
  const others: string[] = [];
  for (let seed = 1; seed <= BOUND; seed += 1) {
    const { failure } = await run(seed, optionsOf(seed));
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

/** Money often goes back past us, and refunds often fail that looked good. */
const ASTRAY: RunOptions = { astray: { byHand: 0.8, failing: 0.5 } };

const PLANTED: readonly {
  readonly what: string;
  readonly planted: Sabotage;
  readonly says: RegExp;
  /** Default: what the seed draws. */
  readonly faults?: (seed: number) => RunOptions;
}[] = [
  {
    what: 'a publisher that moves its checkpoint before the broker has confirmed',
    planted: sabotage.unconfirmed,
    says: /every fact is published|comes to rest/,
  },
  {
    what: 'an owner of a runner that commits after another one took it over',
    planted: sabotage.unfenced,
    faults: () => ({ plan: FROZEN }),
    says: /only the owner of a runner/,
  },
  {
    what: 'stock that an expired order does not give back',
    planted: sabotage.unreleased,
    says: /every reservation has a live or fulfilled order/,
  },
  {
    what: 'stock of an amendment that is said to be set aside and is not',
    planted: sabotage.unsecured,
    says: /what an amendment brings is set aside before it is asked for/,
  },
  {
    what: 'event ids that another decision for the same place in a stream has as well',
    planted: sabotage.idsOfPlaces,
    says: /is stored as it was sent/,
  },
  {
    what: 'event ids that another decision on the same command has as well',
    planted: sabotage.idsOfCommands,
    says: /is stored as it was sent/,
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
  {
    what: "a payment that does not take back a refund of the provider's desk when it fails",
    planted: forgotten.deskNeverFails,
    faults: () => ASTRAY,
    says: /captured less refunded/,
  },
  {
    what: 'an order that is not told that a refund came to nothing',
    planted: forgotten.orderNotTold,
    faults: () => ASTRAY,
    says: /money that was taken is counted/,
  },
  {
    what: 'a refund that failed and that nobody of the staff hears of',
    planted: forgotten.nobodyAsked,
    faults: () => ASTRAY,
    says: /failed, and nobody has a task for it/,
  },
  {
    what: "a reconciliation that does not read the provider's refunds",
    planted: forgotten.booksNotRead,
    faults: () => ({ ...ASTRAY, plan: { ...NO_FAULTS, redelivered: 0.4, reordered: 0.8, healedAtMs: 90_000 } }),
    says: /captured less refunded/,
  },
];

describe('The simulation catches', function () {
  this.timeout(0);

  for (const { what, planted, says, faults = () => ({}) } of PLANTED) {
    it(what, async () => {
      const { seed = 0, message } = await caught((each) => ({ ...faults(each), sabotage: planted }), says);
      expect(message, `within ${BOUND} seeds`).to.match(says);
      // with the guard in its place the same seed holds
      expect((await run(seed, faults(seed))).failure).to.equal(undefined);
    });
  }
});
