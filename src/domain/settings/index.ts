import type { Aggregate } from '../kernel/aggregate.js';
import { type Decision, record, refuse } from '../kernel/decision.js';
import { type SettingsEvent, settingsEvents } from './events.js';
import type { InvalidSetting, SettingsRejection } from './rejections.js';
import { DEFAULT_SETTINGS, SETTING_BOUNDS, SETTING_NAMES, type Settings } from './settings.js';

/** Everything that may be asked of the settings: to be these from now on. */
export interface SettingsCommand {
  readonly type: 'ChangeSettings';
  readonly settings: Settings;
  readonly reason: string;
}

/** The settings of the house: `settings-main`. Before anybody changed them they are the usual ones. */
export const settings: Aggregate<Settings, SettingsCommand, SettingsEvent, SettingsRejection> = {
  category: 'settings',
  initial: DEFAULT_SETTINGS,
  decide,
  evolve: (known, { data }) => ({ ...known, ...data.changes }),
  codec: settingsEvents,
  stateVersion: 1,
};

function decide(
  { settings: wanted, reason }: SettingsCommand,
  known: Settings,
): Decision<SettingsRejection, SettingsEvent> {
  const wrong = outOfBounds(wanted);
  if (wrong) return refuse(wrong);
  if (reason.trim() === '') return refuse({ _tag: 'ReasonRequired' });
  const changed = SETTING_NAMES.filter((name) => wanted[name] !== known[name]);
  if (changed.length === 0) return record();
  const changes = Object.fromEntries(changed.map((name) => [name, wanted[name]]));
  return record({ type: 'SettingsChanged', data: { changes, reason } });
}

function outOfBounds(wanted: Settings): InvalidSetting | undefined {
  for (const setting of SETTING_NAMES) {
    const { minimum: least, maximum } = SETTING_BOUNDS[setting];
    // who may not approve alone must not be asked where nobody need approve
    const minimum = setting === 'secondPersonAbove' ? Math.max(least, wanted.automaticRefundUpTo) : least;
    const value = wanted[setting];
    if (!Number.isSafeInteger(value) || value < minimum || value > maximum) {
      return { _tag: 'InvalidSetting', setting, value, minimum, maximum };
    }
  }
  return undefined;
}

export type { SettingsEvent } from './events.js';
export type * from './rejections.js';
export { DEFAULT_SETTINGS, SETTING_BOUNDS, SETTING_NAMES, type Settings } from './settings.js';
