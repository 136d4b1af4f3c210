import type { Document } from '../../projections/documents/document.js';
import type { Folded, Streams } from '../streams.js';

/**
 * The streams of a category as a read model must show them: as of its checkpoint, while the fold goes on to the end of the
 * log. What changes after the checkpoint is set aside as it was; that is little where the read model keeps up.
 */
export class AsOf {
  private readonly before = new Map<string, Document<unknown> | undefined>();

  /** @param checkpoint everything up to here is in the read model; null: nothing is */
  constructor(
    readonly category: string,
    private readonly checkpoint: bigint | null,
  ) {}

  /** Before an event is folded onto its stream. */
  beforeChange(stream: string, position: bigint, known: Folded | undefined): void {
    if (this.checkpoint !== null && position <= this.checkpoint) return;
    if (!this.before.has(stream)) {
      this.before.set(stream, known && { state: known.state, revision: known.revision });
    }
  }

  /** The stream as of the checkpoint; undefined: it did not exist yet. */
  get(stream: string, streams: Streams): Document<unknown> | undefined {
    return this.before.has(stream) ? this.before.get(stream) : streams.get(stream);
  }
}
