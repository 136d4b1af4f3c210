import type { Executor } from '../../commands/executor/contract.js';
import type { Clock } from '../../commands/ports/clock.js';
import type { CurrentSettings } from '../../commands/ports/currentSettings.js';
import type { Aggregate, RejectionShape } from '../../domain/kernel/aggregate.js';
import type { DomainEventShape } from '../../domain/kernel/envelope.js';
import type { StreamName } from '../../domain/kernel/streams.js';
import type { Settings } from '../../domain/settings/index.js';

/** States of streams besides the one that an event belongs to. */
export interface Related {
  /** The newest state: the store is asked. */
  latest<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
  ): Promise<State>;
  /** The state as it is known here, which may be a moment old: enough for what never changes. */
  known<State, Command, Event extends DomainEventShape, Rejection extends RejectionShape>(
    aggregate: Aggregate<State, Command, Event, Rejection>,
    stream: StreamName,
  ): Promise<State>;
  /** The settings that hold now. */
  settings(): Settings | Promise<Settings>;
  /** RFC 3339, UTC: for what somebody has time to do from now on, however late it is heard of. */
  now(): string;
}

export const relatedBy = (executor: Executor, settings: CurrentSettings, clock: Clock): Related => ({
  latest: async (aggregate, stream) => (await executor.load(aggregate, stream, { fresh: true })).state,
  known: async (aggregate, stream) => (await executor.load(aggregate, stream)).state,
  settings: () => settings.now(),
  now: () => clock.now(),
});
