import type { ReasonRequired } from '../kernel/rejections.js';
import type { Settings } from './settings.js';

/** A setting that is no whole number within its bounds. */
export interface InvalidSetting {
  readonly _tag: 'InvalidSetting';
  readonly setting: keyof Settings;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Why the settings refuse a command. */
export type SettingsRejection = InvalidSetting | ReasonRequired;
