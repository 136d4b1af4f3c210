import type { Either } from 'fp-ts/lib/Either.js';
import { SETTINGS_STREAM } from '../../domain/kernel/streams.js';
import { type Settings, settings, type SettingsEvent, type SettingsRejection } from '../../domain/settings/index.js';
import type { CommandContext, Committed, Executor, ExecutorRejection } from '../executor/contract.js';

export type SettingsOutcome = Either<SettingsRejection | ExecutorRejection, Committed<Settings, SettingsEvent>>;

/** Lets other settings hold from now on, in every process, without a restart. */
export const changeSettings = (
  executor: Executor,
  { settings: wanted, reason }: { readonly settings: Settings; readonly reason: string },
  context: CommandContext,
): Promise<SettingsOutcome> =>
  executor.execute(settings, SETTINGS_STREAM, { type: 'ChangeSettings', settings: wanted, reason }, context);
