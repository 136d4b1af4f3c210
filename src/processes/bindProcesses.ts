import type { ReactorDefinition } from '../subscriptions/contract.js';
import type { DomainEvent } from '../domain/events.js';
import { cancellation } from './cancellation.js';
import { completion, type CompletionDelay, completionDue } from './completion.js';
import { confirming } from './confirming.js';
import { delivery } from './delivery.js';
import type { ProcessManager, TimerReaction } from './engine/process.js';
import { type ReactorParts, reactorOf } from './engine/reactor.js';
import { fulfilment } from './fulfilment.js';
import { holdDeadline, holdDue } from './holdDeadline.js';
import { kitchenLoad } from './kitchenLoad.js';
import { kitchenNotes } from './kitchenNotes.js';
import { itemsDone, kitchenSimulator } from './kitchenSimulator.js';
import { kitchenVoids, voidDue } from './kitchenVoids.js';
import { labelDue, labels } from './labels.js';
import { moneyHeld, moneyHeldDue } from './moneyHeld.js';
import { paymentDeadline, paymentDue } from './paymentDeadline.js';
import { paymentPoll, paymentPollDue } from './paymentPoll.js';
import { placing } from './placing.js';
import { refund } from './refund.js';
import { returning } from './returning.js';
import { screeningDeadline, screeningDue } from './screeningDeadline.js';
import { shortfall } from './shortfall.js';
import { soldOut } from './soldOut.js';
import { tasks } from './tasks.js';
import { ticketDue, ticketFiring } from './ticketFiring.js';
import type { UnpaidOrders } from './ports/unpaidOrders.js';
import { type Fire, firing } from './timers/timerRunner.js';
import { transfer } from './transfer.js';

interface Bindable {
  readonly name: string;
  readonly wants: (type: DomainEvent['type']) => boolean;
  readonly reactor: (parts: ReactorParts) => ReactorDefinition;
}
const process = <State>(manager: ProcessManager<State>): Bindable => ({
  name: manager.name,
  wants: manager.wants,
  reactor: (parts) => reactorOf(manager, parts),
});

type BoundTimer = (parts: ReactorParts) => readonly [string, Fire];
const timer =
  <State>(reaction: TimerReaction<State>): BoundTimer =>
  ({ engine, related }) => [reaction.name, firing(reaction, engine, related)];

interface Views {
  readonly unpaidOrders: UnpaidOrders;
}

/** All but the simulated kitchen, which need not run. */
const processes = ({ unpaidOrders }: Views, completionDelay?: CompletionDelay): readonly Bindable[] => [
  process(placing),
  process(screeningDeadline),
  process(paymentDeadline),
  process(paymentPoll),
  process(confirming),
  process(moneyHeld),
  process(fulfilment),
  process(delivery),
  process(labels),
  process(ticketFiring),
  process(kitchenLoad),
  process(kitchenNotes),
  process(kitchenVoids),
  process(cancellation),
  process(holdDeadline),
  process(shortfall),
  process(soldOut(unpaidOrders)),
  process(refund),
  process(tasks),
  process(transfer),
  process(returning),
  process(completion(completionDelay)),
];

const TIMERS: readonly BoundTimer[] = [
  timer(paymentDue),
  timer(paymentPollDue),
  timer(screeningDue),
  timer(moneyHeldDue),
  timer(holdDue),
  timer(ticketDue),
  timer(voidDue),
  timer(labelDue),
  timer(completionDue),
];

const WANTS: ReadonlyMap<string, Bindable['wants']> = new Map(
  processes({
    unpaidOrders: { shows: () => Promise.resolve(false), withArticle: () => Promise.resolve([]) },
  }).map(({ name, wants }) => [name, wants]),
);

/** Whose checkpoints say how far the processes have come; the simulated kitchen, which need not run, is not among them. */
export const PROCESS_NAMES: readonly string[] = [...WANTS.keys()];

/** Which events a process reacts to; undefined: there is none of that name, or it is the simulated kitchen. */
export const processWants = (name: string): Bindable['wants'] | undefined => WANTS.get(name);

export interface BoundProcesses {
  readonly reactors: readonly ReactorDefinition[];
  /** What a timer leads to, by the process that set it. */
  readonly fire: ReadonlyMap<string, Fire>;
}

/** Every process manager and every timer, bound to what carries them out; whoever holds them says when. */
export function bindProcesses(
  parts: ReactorParts,
  {
    simulateKitchen,
    completionDelay,
    ...views
  }: Views & {
    readonly simulateKitchen: boolean;
    /** Instead of what the settings say, where time passes quickly. */
    readonly completionDelay?: CompletionDelay | undefined;
  },
): BoundProcesses {
  const cooking = simulateKitchen ? { process: [process(kitchenSimulator)], timer: [timer(itemsDone)] } : undefined;
  return {
    reactors: [...processes(views, completionDelay), ...(cooking?.process ?? [])].map(({ reactor }) => reactor(parts)),
    fire: new Map([...TIMERS, ...(cooking?.timer ?? [])].map((bound) => bound(parts))),
  };
}
