import type { StreamName } from '../../domain/kernel/streams.js';

/** Deletes whole streams that are over. */
export interface StreamRemoval {
  /**
   * Hides all events of a stream, for the store to throw them away when it tidies up; its name can be written to again. Only
   * as it was found: where somebody writes to it meanwhile it stays.
   * @returns `nothing`: there was no such stream, or it was deleted before; `moved`: somebody has just written to it
   * @throws StoreUnavailable
   */
  remove(stream: StreamName): Promise<'removed' | 'nothing' | 'moved'>;
}
