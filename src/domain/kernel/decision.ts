import * as E from 'fp-ts/lib/Either.js';

/** What a decider answers: the events that the command leads to, or why not. */
export type Decision<Rejection, Event> = E.Either<Rejection, readonly Event[]>;

/** The command is carried out: these facts follow. */
export const record = <Event>(...events: readonly Event[]): E.Either<never, readonly Event[]> => E.right(events);
/** It is true already: nothing follows, and nothing is wrong. */
export const alreadyTrue: E.Either<never, readonly never[]> = E.right([]);
/** A business "no". */
export const refuse = <Rejection>(rejection: Rejection): E.Either<Rejection, never> => E.left(rejection);
