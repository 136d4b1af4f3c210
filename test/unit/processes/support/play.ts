import { expect } from 'chai';
import type { RecordedEvent } from '../../../../src/domain/events.js';
import type { ProviderObservation } from '../../../../src/domain/payment/index.js';
import type { Outcome } from '../../../../src/processes/engine/outcome.js';
import type { ProcessManager, TimerReaction } from '../../../../src/processes/engine/process.js';
import { type Step, stepKey } from '../../../../src/processes/engine/step.js';
import type { DueTimer } from '../../../../src/processes/timers/timer.js';
import { at, eur } from '../../../support/fixtures.js';
import { deepFreeze } from '../../../support/given.js';

/** What the world answers a step; undefined: that it went well. */
export type World = (step: Step) => Partial<Outcome> | undefined;

/** Everything a process wants done for one event, round by round, when the world answers like that. */
export const playEvent = <State>(
  process: ProcessManager<State>,
  event: RecordedEvent,
  state: State,
  world: World = () => undefined,
): readonly (readonly Step[])[] =>
  play(
    () => process.react(event, deepFreeze(state)),
    (outcomes) => process.settle(event, deepFreeze(state), outcomes),
    world,
  );

/** The same for a timer. */
export const playTimer = <State>(
  reaction: TimerReaction<State>,
  timer: DueTimer,
  state: State,
  now: string,
  world: World = () => undefined,
): readonly (readonly Step[])[] =>
  play(
    () => reaction.react(timer, deepFreeze(state), now),
    (outcomes) => reaction.settle(timer, deepFreeze(state), now, outcomes),
    world,
  );

function play(
  react: () => readonly Step[],
  settle: (outcomes: readonly Outcome[]) => readonly Step[],
  world: World,
): readonly (readonly Step[])[] {
  const rounds: (readonly Step[])[] = [];
  const seen = new Set<string>();
  const outcomes: Outcome[] = [];
  for (let steps = react(); steps.length > 0; steps = settle(deepFreeze([...outcomes]))) {
    rounds.push(steps);
    for (const step of steps) {
      expect(seen.has(stepKey(step)), `${stepKey(step)} is wanted once`).to.equal(false);
      seen.add(stepKey(step));
      outcomes.push({ ...well(step), ...world(step) } as Outcome);
    }
    if (steps.some(({ kind }) => kind === 'later')) break;
  }
  return rounds;
}

function well(step: Step): Partial<Outcome> {
  switch (step.kind) {
    case 'session-of-payment':
      return { step, at, result: 'session', sessionId: undefined };
    case 'session':
      return { step, at, result: 'seen', observation: observation({ sessionStatus: 'expired' }) };
    case 'schedule':
    case 'cancel':
      return { step, at, result: 'done' };
    case 'order':
    case 'payment':
    case 'pickup':
    case 'stock':
    case 'task':
    case 'ticket':
    case 'shipment':
      return { step, at, result: 'accepted' };
    case 'later':
      return {};
  }
}

export const observation = (change: Partial<ProviderObservation> = {}): ProviderObservation => ({
  sessionId: 'cs_1',
  sessionStatus: 'open',
  paymentStatus: 'unpaid',
  amount: eur(2000),
  readAt: at,
  ...change,
});
export const paid = observation({ sessionStatus: 'complete', paymentStatus: 'paid', intentId: 'pi_1', method: 'card' });

export const refusedWith = (rejection: { readonly _tag: string }): Partial<Outcome> => ({
  result: 'refused',
  rejection,
});

/** The rounds as short texts: `stock ReserveStock sku-1`. */
export const names = (rounds: readonly (readonly Step[])[]): readonly (readonly string[])[] =>
  rounds.map((steps) => steps.map(nameOf));

function nameOf(step: Step): string {
  switch (step.kind) {
    case 'order':
    case 'payment':
    case 'task':
    case 'pickup':
    case 'ticket':
    case 'shipment':
      return step.command.type;
    case 'stock':
      return `${step.command.type} ${skuIn(step.stream)}`;
    case 'session-of-payment':
      return 'session of the payment';
    case 'session':
      return `${step.name} ${step.sessionId}`;
    case 'schedule':
      return `schedule ${step.timer.id}`;
    case 'cancel':
      return `cancel ${step.timerId}`;
    case 'later':
      return 'later';
  }
}

const skuIn = (stream: string): string => stream.slice('stock-'.length, stream.indexOf('_'));

/** The commands of one type among the steps. */
export function commandsOf<Type extends string>(rounds: readonly (readonly Step[])[], type: Type) {
  return rounds
    .flat()
    .flatMap((step) => ('command' in step && step.command.type === type ? [step.command] : []))
    .map((command) => command as Extract<typeof command, { type: Type }>);
}
