import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { type Aggregate, fold, type RejectionShape } from '../../src/domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../src/domain/kernel/envelope.js';
import { decideTwice, deepFreeze } from './given.js';

/**
 * What a command leads to in a state: the types of its events (`OrderPlaced + OrderAccepted`), `nothing` where it is true
 * already, or `!` and the tag of the refusal.
 */
export type Cell = string;

/** The same cell for every state but those that are named. */
export const everywhere =
  <State extends string>(states: Readonly<Record<State, unknown>>) =>
  (cell: Cell, but: Partial<Record<NoInfer<State>, Cell>> = {}): Record<State, Cell> => ({
    ...Object.fromEntries(Object.keys(states).map((state) => [state, cell])),
    ...but,
  });

/**
 * Makes one test of each cell: every one of the commands in every state. `states` gives the history that leads there; that no command is
 * left out is for the type of `commands` to say.
 */
export function decisionTable<
  State,
  Command extends { readonly type: string },
  Event extends DomainEventShape,
  Rejection extends RejectionShape,
  StateName extends string,
  Type extends Command['type'],
>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  states: Readonly<Record<StateName, readonly Event[]>>,
  commands: Readonly<Record<Type, Command>>,
  expected: Readonly<Record<NoInfer<Type>, Record<StateName, Cell>>>,
): void {
  for (const [stateName, history] of Object.entries(states) as [StateName, readonly Event[]][]) {
    describe(`in the state "${stateName}"`, () => {
      for (const [type, command] of Object.entries(commands) as [Type, Command][]) {
        const cell = expected[type][stateName];
        it(`${type} leads to ${cell}`, () => {
          const state = deepFreeze(fold(aggregate, aggregate.initial, history));
          const decision = decideTwice(aggregate, deepFreeze(command), state);
          expect(cellOf(decision)).to.equal(cell);
          // a refused or repeated command is as harmless as it looks; one that was carried out is true afterwards
          if (E.isRight(decision)) expectTrueAfterwards(aggregate, command, fold(aggregate, state, decision.right));
        });
      }
    });
  }
}

const cellOf = (decision: E.Either<RejectionShape, readonly DomainEventShape[]>): Cell => {
  if (E.isLeft(decision)) return `!${decision.left._tag}`;
  return decision.right.length === 0 ? 'nothing' : decision.right.map(({ type }) => type).join(' + ');
};

/** The same command once more changes nothing: at most it is refused, it never happens twice. */
function expectTrueAfterwards<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  command: Command,
  state: State,
): void {
  const again = aggregate.decide(command, state);
  if (E.isRight(again)) expect(again.right, 'the command once more').to.deep.equal([]);
}
