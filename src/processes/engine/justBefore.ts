import type { RecordedEvent } from '../../domain/events.js';
import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import type { Folds } from '../../subscriptions/contract.js';

/** An event's own stream as it stood before the event: the initial state where it is the first one. */
export const justBefore = async <State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
  aggregate: Aggregate<State, Command, Event, Rejection>,
  { stream, revision }: Pick<RecordedEvent, 'stream' | 'revision'>,
  folds: Folds,
): Promise<State> => (revision === 0 ? aggregate.initial : await folds.at(aggregate, stream, revision - 1));
