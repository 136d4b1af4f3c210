import type { Service } from '../kernel/network.js';
import type { Random } from '../kernel/random.js';
import type { Tally } from '../kernel/tally.js';
import type { FaultPlan } from './plan.js';

/** What happens to one call: refused before it is done; done, and the answer lost; given up, and done later. */
export type CallFault = 'none' | 'refused' | 'lost' | 'late';

/** What each is called where they are counted. */
const NAMES = {
  refused: 'calls refused',
  lost: 'answers lost',
  late: 'calls done after they were given up',
  redelivered: 'redeliveries',
  reordered: 'reorderings',
  feedCut: 'feeds cut',
  feedSilent: 'feeds gone silent',
} as const;

/** Decides, call by call, what goes wrong. */
export class Faults {
  /** Of the scheduler; set once there is one. */
  now: () => number = () => 0;

  constructor(
    readonly plan: FaultPlan,
    private readonly random: Random,
    private readonly tally: Tally,
  ) {}

  #healed = false;

  /** Nothing goes wrong any more. */
  get healed(): boolean {
    return this.#healed || this.now() >= this.plan.healedAtMs;
  }

  /** From now on, although the plan goes on for a while. */
  heal(): void {
    this.#healed = true;
  }

  /** @param changes whether the call changes anything at the service */
  ofCall(service: Service, changes: boolean): CallFault {
    const fault = this.#drawn(service, changes);
    if (fault !== 'none') this.tally.add(NAMES[fault]);
    return fault;
  }

  #drawn(service: Service, changes: boolean): CallFault {
    if (this.healed) return 'none';
    const now = this.now();
    const { outages, refused, lost, late } = this.plan;
    if (outages.some((outage) => outage.service === service && now >= outage.fromMs && now < outage.untilMs)) {
      return 'refused';
    }
    const drawn = this.random.fraction();
    if (drawn < refused) return 'refused';
    if (drawn < refused + lost) return 'lost';
    return changes && drawn < refused + lost + late ? 'late' : 'none';
  }

  happens(which: 'redelivered' | 'reordered' | 'feedCut' | 'feedSilent'): boolean {
    const happens = !this.healed && this.random.chance(this.plan[which]);
    if (happens) this.tally.add(NAMES[which]);
    return happens;
  }
}
