import type { Either } from 'fp-ts/lib/Either.js';
import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import type { StreamName } from '../../domain/kernel/streams.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from './contract.js';

/** What comes of asking an aggregate. */
export type Outcome<State, Event extends DomainEventShape, Rejection> = Either<
  Rejection | ExecutorRejection,
  Committed<State, Event>
>;

/** The use case of asking one aggregate for something that needs nothing but its own stream. */
export const asking =
  <Id, State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    streamOf: (id: Id) => StreamName,
  ) =>
  (executor: Executor, id: Id, command: Command, context: CommandContext): Promise<Outcome<State, Event, Rejection>> =>
    executor.execute(aggregate, streamOf(id), command, context);
