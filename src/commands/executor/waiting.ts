import type { Either } from 'fp-ts/lib/Either.js';
import type { RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import type { Committed } from './contract.js';
import type { Decided } from './encode.js';
import type { Asked } from './plan.js';

export type Outcome = Either<RejectionShape, Committed<unknown, DomainEventShape>>;

/** A command that waits for its answer. */
export interface Waiting extends Asked {
  readonly answer: (outcome: Outcome | Promise<Outcome>) => void;
  readonly fail: (error: unknown) => void;
  /**
   * Its events, once an append with them was sent and not answered: should they turn up in the stream, then this very
   * call stored them, and nobody else did.
   */
  sent?: readonly Decided[];
}
