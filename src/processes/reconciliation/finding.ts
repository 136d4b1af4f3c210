import type { TaskSubject } from '../../domain/task/index.js';
import type { CommandStep } from '../engine/step.js';

/** Something that does not agree. */
export interface Finding {
  /** Names what is wrong, and with what: the same thing found again is the same finding. */
  readonly key: string;
  readonly about: TaskSubject;
  /** For people. */
  readonly text: string;
  /** What puts it right; absent: somebody has to look at it. */
  readonly mend?: CommandStep;
}
