import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext, Committed, Executor } from '../../commands/executor/contract.js';
import { derivedCommandId } from '../../commands/identity.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import type { StreamName } from '../../domain/kernel/streams.js';
import type { CloudEvent } from '../contracts/cloudEvent.js';
import { SystemFault } from '../ports/faults.js';

/** What a consumer's commands are issued for. */
export interface Cause {
  /** The id of the message or webhook: the command's id is derived from it, so that a repeat is recognised. */
  readonly id: string;
  readonly correlationId: string;
  readonly tenant: string;
  readonly location?: string;
  readonly traceparent?: string;
}

export const causeOf = (message: CloudEvent<unknown>): Cause => ({
  id: message.id,
  correlationId: message.correlationid,
  tenant: message.tenant,
  ...(message.location === undefined ? {} : { location: message.location }),
  ...(message.traceparent === undefined ? {} : { traceparent: message.traceparent }),
});

/** Issues commands in the name of one consumer, for one cause. */
export interface Issuer {
  /**
   * @param step names the command among those of the same cause to the same stream; never changes once shipped
   * @returns the aggregate's own answer. Others that keep writing are a fault of the system: thrown, tried again.
   */
  readonly issue: <State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
    step: string,
    command: Command,
  ) => Promise<E.Either<RejectionShape, Committed<State, Event>>>;
}

export function issuerFor(consumer: string, kind: CommandContext['actor']['kind'], executor: Executor, clock: Clock) {
  return ({ id, ...envelope }: Cause): Issuer => ({
    issue: async (aggregate, stream, step, command) => {
      const answer = await executor.execute(aggregate, stream, command, {
        ...envelope,
        commandId: derivedCommandId(consumer, id, step, stream),
        causationId: id,
        actor: { kind, id: `${kind}/${consumer}` },
        at: clock.now(),
      });
      if (E.isLeft(answer) && answer.left._tag === 'ConcurrencyConflict') {
        throw new SystemFault(`${stream}: others kept writing while ${consumer} wanted ${step}`);
      }
      return answer;
    },
  });
}
