import type { RecordedEvent } from '../../domain/events.js';
import type { TaskSubject } from '../../domain/task/index.js';
import type { CommandStep } from '../engine/step.js';
import type { RefundToMake } from '../ports/providerBooks.js';

/** An event that its process could not work, and that somebody discarded, or that never came there. */
export interface HeardAgain {
  /** Who is to hear it again: a process; or the kitchen or whoever has sessions made, who are told by messages otherwise. */
  readonly process:
    | 'cancellation'
    | 'completion'
    | 'confirming'
    | 'delivery'
    | 'fulfilment'
    | 'hold-deadline'
    | 'kitchen'
    | 'money-held'
    | 'payment'
    | 'payment-deadline'
    | 'placing'
    | 'refund'
    | 'screening-deadline'
    | 'tasks'
    | 'ticket-firing';
  readonly recorded: RecordedEvent;
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
  /** What puts it right where the provider has to do something first. */
  readonly refund?: RefundToMake;
}
