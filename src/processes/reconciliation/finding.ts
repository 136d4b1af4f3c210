import type { TaskSubject } from '../../domain/task/index.js';
import type { CommandStep } from '../engine/step.js';
import type { RefundToMake } from '../ports/providerBooks.js';

/** Something that does not agree. */
export interface Finding {
  /** Names what is wrong, and with what: the same thing found again is the same finding. */
  readonly key: string;
  readonly about: TaskSubject;
  /** For people. */
  readonly text: string;
  /** What puts it right; neither this nor `refund`: somebody has to look at it. */
  readonly mend?: CommandStep;
  /** What puts it right where the provider has to do something first. */
  readonly refund?: RefundToMake;
}
