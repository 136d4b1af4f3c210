import type { StoredEvent } from '../../domain/kernel/storedEvent.js';

/** One stream, forwards, as folding it needs. */
export interface StreamReader {
  /** Events from a revision on (default 0), all or up to `maxCount`; a missing stream is an empty one. Throws a system fault. */
  read(
    stream: string,
    options?: { readonly fromRevision?: number; readonly maxCount?: number },
  ): AsyncIterable<StoredEvent>;
}
