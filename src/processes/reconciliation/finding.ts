import type { RecordedEvent } from '../../domain/events.js';
import type { TaskSubject } from '../../domain/task/index.js';
import type { DiscardedEvent } from '../../subscriptions/parking/discarded.js';
import type { CommandStep } from '../engine/step.js';
import type { RefundToMake } from '../ports/providerBooks.js';

/** An event that its process could not work, and that somebody discarded, or that never came there. */
export interface HeardAgain {
  /** Who is to hear it again: a process; or the kitchen or whoever has sessions made, who are told by messages otherwise. */
  readonly process: string;
  readonly recorded: RecordedEvent;
  /** What it is to hear after that. */
  readonly then?: readonly RecordedEvent[];
}

/** Something that does not agree. */
export interface Finding {
  /** Names what is wrong, and with what: the same thing found again is the same finding. */
  readonly key: string;
  readonly about: TaskSubject;
  /** For people. */
  readonly text: string;
  /** What puts it right; none of these three: somebody has to look at it. */
  readonly mend?: CommandStep;
  /** What a process has to hear again, for that puts it right. */
  readonly again?: HeardAgain;
  /** Whether it is still so, for where hearing it again may not be enough. */
  readonly isStill?: () => Promise<boolean>;
  /** What an operator discarded: it is found until it was made up for, or is somebody's task. */
  readonly discarded?: DiscardedEvent;
  /** It is looked after by how things stand now, and nothing is to be done about this. */
  readonly isFoundOtherwise?: true;
  /** What puts it right where the provider has to do something first. */
  readonly refund?: RefundToMake;
}
