import type { ReasonRequired } from '../kernel/rejections.js';
import type { NumberSetting } from './settings.js';

/** A setting that is no whole number within its bounds. */
export interface InvalidSetting {
  readonly _tag: 'InvalidSetting';
  readonly setting: NumberSetting | 'automaticRefundUpToIn';
  /** Of a setting that has one value for each of several things: which of them. */
  readonly currency?: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
}

/** Two limits of one currency. */
export interface LimitTwice {
  readonly _tag: 'LimitTwice';
  readonly currency: string;
}

/** Why the settings refuse a command. */
export type SettingsRejection = InvalidSetting | LimitTwice | ReasonRequired;
