import type { Group } from './group.js';

type Wake = () => void;

/** Tells who waits for new events: of the whole log, or of one stream. */
export class Wakeups {
  private readonly all = new Set<Wake>();
  private readonly streams = new Map<string, Set<Wake>>();

  /** Calls `wake` after each commit (with `stream`: that wrote to it) until the returned function is called. */
  on(stream: string | undefined, wake: Wake): () => void {
    if (stream === undefined) {
      this.all.add(wake);
      return () => this.all.delete(wake);
    }
    const waiting = this.streams.get(stream) ?? new Set();
    this.streams.set(stream, waiting.add(wake));
    return () => {
      waiting.delete(wake);
      if (waiting.size === 0 && this.streams.get(stream) === waiting) this.streams.delete(stream);
    };
  }

  notify(group: Group): void {
    if (this.streams.size > 0) {
      for (const stream of group.heads.keys()) this.streams.get(stream)?.forEach((wake) => wake());
    }
    this.all.forEach((wake) => wake());
  }
}
