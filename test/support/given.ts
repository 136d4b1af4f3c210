import { isDeepStrictEqual } from 'node:util';
import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { type Aggregate, fold, type RejectionShape } from '../../src/domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../src/domain/kernel/envelope.js';

interface Outcome<State, Event, Rejection extends RejectionShape> {
  /** Exactly these events follow. */
  then(expected: readonly Event[]): State;
  /** It is true already. */
  thenNothing(): State;
  /** The command is refused with this tag and, if given, these details. */
  thenRejected<Tag extends Rejection['_tag']>(
    tag: Tag,
    details?: Partial<Omit<Extract<Rejection, { _tag: Tag }>, '_tag'>>,
  ): void;
}

/**
 * The given-when-then of one aggregate: `given([…]).when(command).then([…])`. It also watches over what every rule owes: the state is
 * never changed in place, every event is read back from its stored form as it was, and a decision can be repeated.
 */
export function specificationOf<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
) {
  return function given(history: readonly Event[]) {
    const state = deepFreeze(fold(aggregate, aggregate.initial, deepFreeze(history)));
    return {
      state,
      when(command: Command): Outcome<State, Event, Rejection> {
        const decision = decideTwice(aggregate, deepFreeze(command), state);
        const then = (expected: readonly Event[]): State => {
          expect(decision, 'the decision').to.deep.equal(E.right(expected));
          return fold(aggregate, state, expected);
        };
        return {
          then,
          thenNothing: () => then([]),
          thenRejected: (tag, details = {}) => {
            if (E.isRight(decision)) throw new Error(`not refused, but ${JSON.stringify(decision.right)}`);
            expect(decision.left).to.deep.include({ _tag: tag, ...details });
          },
        };
      },
    };
  };
}

/** The decision, after making sure that it is the same when taken again and that its events survive being stored. */
export function decideTwice<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  command: Command,
  state: State,
): E.Either<Rejection, readonly Event[]> {
  const decision = aggregate.decide(command, state);
  expect(aggregate.decide(command, state), 'the same decision again').to.deep.equal(decision);
  if (E.isRight(decision)) for (const event of decision.right) expectStorable(aggregate, event);
  return decision;
}

/** Stored as JSON and read back, an event is what it was. */
export function expectStorable<Event extends DomainEventShape>(
  { codec }: Pick<Aggregate<unknown, unknown, Event, RejectionShape>, 'codec'>,
  event: Event,
): void {
  const encoded = codec.encode(event);
  const { type, v, data } = JSON.parse(JSON.stringify(encoded)) as typeof encoded;
  const decoded = codec.decode({ type, v, data });
  if (!isDeepStrictEqual(decoded, E.right(event))) expect(decoded).to.deep.equal(E.right(event));
}

/** Freezes a value and all that it holds, so that a change in place is an error. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const member of Object.values(value)) deepFreeze(member);
  return value;
}
