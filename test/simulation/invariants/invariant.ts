import type { EventToAppend } from '../../../src/commands/ports/eventStore.js';
import type { StoredEvent } from '../../../src/domain/kernel/storedEvent.js';
import type { RecordedEvent } from '../../../src/domain/events.js';
import type { Histories } from './histories.js';
import type { Installation } from '../world/installation.js';

/** Something that holds at every moment, or whenever everything has come to rest. Each method throws a Violation. */
export interface Invariant {
  /** A sentence that says what holds. */
  readonly name: string;
  /** After an event was stored; `histories` has it already. */
  readonly stored?: (event: RecordedEvent, histories: Histories) => void;
  /** After the store took an append for the repetition of one that it holds. */
  readonly recognised?: (stored: readonly StoredEvent[], sent: readonly EventToAppend[]) => void;
  /** The tables whose rows it wants to see. */
  readonly watches?: ReadonlySet<string>;
  /** After rows of such a table were committed, `by` a process as it names itself in lease rows. */
  readonly committed?: (
    table: string,
    row: Readonly<Record<string, unknown>>,
    histories: Histories,
    by: string,
  ) => void;
  /** After a message was published. */
  readonly published?: (id: string, body: string) => void;
  /** When nothing is left to do. May read what it likes. */
  readonly atRest?: (installation: Installation) => void | Promise<void>;
}
