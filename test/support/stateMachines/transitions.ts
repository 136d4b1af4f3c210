import * as E from 'fp-ts/lib/Either.js';
import { type Aggregate, fold, type RejectionShape } from '../../../src/domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../../src/domain/kernel/envelope.js';

/** From one status to another, by these events. */
export interface Transition {
  readonly from: string;
  readonly to: string;
  readonly by: string;
}

interface Stateful {
  readonly status: string;
}

/**
 * Every change of status that a decider makes, found by asking it: each command in each state. Nothing is written down a
 * second time, so what is drawn from it cannot differ from what the decider does.
 */
export const transitionsOf = <
  State extends Stateful,
  Command,
  Event extends DomainEventShape,
  Rejection extends RejectionShape,
>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  histories: Readonly<Record<string, readonly Event[]>>,
  commands: readonly Command[],
): readonly Transition[] => transitionsWithin(aggregate, histories, commands, ({ status }) => status);

/** The same for a part of the state, by the status that it has. */
export function transitionsWithin<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  histories: Readonly<Record<string, readonly Event[]>>,
  commands: readonly Command[],
  statusOf: (state: State) => string,
): readonly Transition[] {
  const found = new Map<string, Transition>();
  for (const history of Object.values(histories)) {
    const before = fold(aggregate, aggregate.initial, history);
    for (const command of commands) {
      const decision = aggregate.decide(command, before);
      if (E.isLeft(decision)) continue;
      const [from, to] = [before, fold(aggregate, before, decision.right)].map(statusOf) as [string, string];
      if (from === to) continue;
      const by = decision.right.map(({ type }) => type).join(' + ');
      const transition = { from, to, by };
      found.set(JSON.stringify(transition), transition);
    }
  }
  return [...found.values()];
}

/** A state diagram as Mermaid reads it; statuses that nothing leaves are ends. */
export function diagram(transitions: readonly Transition[]): string {
  const name = (status: string): string => (status === 'none' ? '[*]' : status);
  const left = new Set(transitions.map(({ from }) => from));
  const ends = [...new Set(transitions.map(({ to }) => to))].filter((status) => !left.has(status));
  return [
    '```mermaid',
    'stateDiagram-v2',
    ...transitions.map(({ from, to, by }) => `  ${name(from)} --> ${name(to)}: ${by}`),
    ...ends.map((status) => `  ${status} --> [*]`),
    '```',
  ].join('\n');
}
