import type { NotFound } from '../kernel/rejections.js';

/** Why a task refuses a command. */
export type TaskRejection = NotFound;
