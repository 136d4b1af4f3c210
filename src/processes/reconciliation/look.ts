import type { DomainEvent, RecordedEvent } from '../../domain/events.js';
import type { ExistingOrder } from '../../domain/order/index.js';
import type { SetTimer } from '../ports/leftovers.js';
import type { Finding, HeardAgain } from './finding.js';

/** For so long whoever has the next step to do may take. */
export const PATIENCE_MS = 15 * 60_000;

/** An order, and what is known of how it got there. */
export interface Look {
  readonly its: ExistingOrder;
  readonly history: readonly RecordedEvent[];
  readonly timers: readonly SetTimer[];
  /** RFC 3339: what happened since then is merely young; a timer that was due before then is late. */
  readonly before: string;
  readonly late: string;
}

/** Whether whoever had to do something about an event has had the time for it. */
export const isOld = ({ before }: Look, { meta }: RecordedEvent): boolean => meta.at < before;

/** The last event of one of these types; undefined where there was none. */
export const lastOf = (
  history: readonly RecordedEvent[],
  ...types: readonly DomainEvent['type'][]
): RecordedEvent | undefined => history.findLast(({ event }) => types.includes(event.type));

/** Something that a process did not do: it hears of it again. */
export const gap = (look: Look, recorded: RecordedEvent, text: string, process: HeardAgain['process']): Finding => ({
  key: `unheard ${process} ${recorded.id}`,
  about: about(look),
  text: textOf(look, recorded, text),
  again: { process, recorded },
});

/** Something that nothing puts right: somebody has to look at it. */
export const stuck = (look: Look, recorded: RecordedEvent, text: string): Finding => ({
  key: `stuck ${recorded.id}`,
  about: about(look),
  text: textOf(look, recorded, text),
});

/** What a timer is to end: it is set anew where it is not there; where it has gone off, or is late, somebody has to look. */
export function* ended(
  look: Look,
  since: RecordedEvent,
  text: string,
  process: HeardAgain['process'],
  timerId: string,
): Iterable<Finding> {
  const timer = look.timers.find(({ id }) => id === timerId);
  if (timer === undefined) yield gap(look, since, `${text}, and no timer is set`, process);
  else if (!timer.isOpen || timer.dueAt < look.late) yield stuck(look, since, text);
}

const about = ({ its: { details } }: Look): Finding['about'] => ({ orderId: details.orderId });

const textOf = ({ its: { status } }: Look, { meta }: RecordedEvent, text: string): string =>
  `the order is ${status} since ${meta.at}, or longer: ${text}`;
