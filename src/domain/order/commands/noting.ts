import type { NoteId } from '../../kernel/ids.js';
import type { Sealed } from '../../kernel/sealed.js';
import type { OrderData } from '../events.js';

/** To write something about an order. */
export interface NotingCommand {
  readonly type: 'AddNote';
  readonly noteId: NoteId;
  /** What is written; nobody reads it without the key. */
  readonly sealed: Sealed;
  readonly visibility: OrderData<'NoteAdded'>['visibility'];
}
