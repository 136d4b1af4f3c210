import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { type Aggregate, fold, type RejectionShape } from '../../src/domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../src/domain/kernel/envelope.js';
import { decideTwice, deepFreeze } from './given.js';

/** One command of a random walk: where it led from and to. */
export interface Stride<State, Command, Event> {
  readonly before: State;
  readonly command: Command;
  readonly events: readonly Event[];
  readonly after: State;
}

/**
 * Carries out commands one after the other, as the executor does, and shows each stride to `check`. In the end the
 * stored form of all events must fold to the very same state.
 */
export function walk<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  commands: readonly Command[],
  check: (stride: Stride<State, Command, Event>) => void,
  history: readonly Event[] = [],
): State {
  const written: Event[] = [...history];
  let state = deepFreeze(fold(aggregate, aggregate.initial, history));
  for (const command of commands) {
    const decision = decideTwice(aggregate, deepFreeze(command), state);
    if (E.isLeft(decision)) continue;
    const after = deepFreeze(fold(aggregate, state, decision.right));
    check({ before: state, command, events: decision.right, after });
    written.push(...decision.right);
    state = after;
  }
  expect(refolded(aggregate, written), 'the state folded from what was stored').to.deep.equal(state);
  return state;
}

function refolded<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  events: readonly Event[],
): State {
  const stored = JSON.parse(JSON.stringify(events.map(aggregate.codec.encode))) as ReturnType<
    typeof aggregate.codec.encode
  >[];
  return stored.reduce((state, event) => {
    const decoded = aggregate.codec.decode(event);
    if (E.isLeft(decoded)) throw new Error(JSON.stringify(decoded.left));
    return aggregate.evolve(state, decoded.right);
  }, aggregate.initial);
}
