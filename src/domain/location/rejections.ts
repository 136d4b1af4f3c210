import type { AlreadyExists } from '../kernel/rejections.js';

/** Why a location refuses a command. */
export type LocationRejection = AlreadyExists;
