import type { AlreadyExists, NotFound, ReasonRequired } from '../kernel/rejections.js';

/** Something that a location says of itself cannot be: `field` names it. */
export interface InvalidLocation {
  readonly _tag: 'InvalidLocation';
  readonly field: string;
  readonly problem: string;
}

/** The pause would be over before it begins. */
export interface PauseIsOver {
  readonly _tag: 'PauseIsOver';
  readonly until: string;
}

/** Why a location refuses a command. */
export type LocationRejection = AlreadyExists | NotFound | ReasonRequired | InvalidLocation | PauseIsOver;
