import { pause } from '../wait.js';
import type { Attachment } from './attachment.js';
import type { FeedItem } from './feedItem.js';
import type { FeedReader } from './feedReader.js';
import type { Place, Stragglers } from './stragglers.js';

/**
 * A runner's way through the log: along the shared feed while it keeps up, with other stragglers where it stays behind, until it
 * meets the shared feed again.
 */
export class Cursor {
  private position: bigint | null;
  private attachment: Attachment | undefined;
  private behind: Place | undefined;

  constructor(
    private readonly shared: FeedReader,
    private readonly stragglers: Stragglers,
    after: bigint | null,
  ) {
    this.position = after;
  }

  /**
   * The next events, at least one and at most `max`; waits for the first, then up to `lingerMs` for more.
   * Empty only when the signal aborts.
   */
  async take(max: number, lingerMs: number, signal: AbortSignal): Promise<readonly FeedItem[]> {
    while (!signal.aborted) {
      // nearly always it is there, and every runner comes by with every event
      const attachment = this.standing() ?? (await this.attach());
      if (lingerMs > 0 && attachment.waiting > 0 && attachment.waiting < max) await pause(lingerMs, signal);
      const items = attachment.take(max);
      const last = items.at(-1);
      if (last) {
        this.position = last.position;
        return items;
      }
      if (attachment.isAttached && attachment.waiting === 0) await attachment.changed(signal);
    }
    return [];
  }

  /** Nothing is left to read, as far as the process can know. */
  get atEnd(): boolean {
    return this.behind === undefined && (this.attachment?.atEnd ?? false);
  }

  async close(): Promise<void> {
    this.attachment?.detach();
    this.attachment = undefined;
    await this.leaveStragglers();
  }

  /** Where it reads, unless it has to find another place first. */
  private standing(): Attachment | undefined {
    if (this.behind && this.shared.covers(this.position)) return undefined;
    return this.attachment?.isAttached ? this.attachment : undefined;
  }

  private async attach(): Promise<Attachment> {
    await this.leaveStragglers();
    this.attachment = this.shared.attach(this.position);
    if (this.attachment) return this.attachment;
    this.behind = this.stragglers.join(this.position);
    this.attachment = this.behind.attachment;
    return this.attachment;
  }

  private async leaveStragglers(): Promise<void> {
    const { behind } = this;
    this.behind = undefined;
    await behind?.leave();
  }
}
