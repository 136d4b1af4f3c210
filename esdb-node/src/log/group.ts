import type { Commit, NewRecord, StreamHead } from '../storage/storage.js';

/** Writes that become durable together: what is staged while the group before is on its way to the disk. */
export class Group {
  readonly records: NewRecord[] = [];
  readonly heads = new Map<string, StreamHead>();
  private readonly byStream = new Map<number, NewRecord[]>();
  /** Settles when the group is durable, or could not be made so. */
  readonly durable: Promise<void>;
  private succeed: () => void = () => undefined;
  private fail: (cause: unknown) => void = () => undefined;

  constructor() {
    this.durable = new Promise((resolve, reject) => {
      this.succeed = resolve;
      this.fail = reject;
    });
    // every writer of the group sees the failure; a group that nobody waits for must not end the process
    this.durable.catch(() => undefined);
  }

  add(stream: string, head: StreamHead, records: readonly NewRecord[]): void {
    this.heads.set(stream, head);
    const known = this.byStream.get(head.id);
    if (known) known.push(...records);
    else this.byStream.set(head.id, [...records]);
    this.records.push(...records);
  }

  at(streamId: number, revision: number): NewRecord | undefined {
    return this.byStream.get(streamId)?.find((record) => record.revision === revision);
  }

  toCommit(end: number, nextStreamId: number): Commit {
    return { records: this.records, heads: this.heads, end, nextStreamId };
  }

  done(): void {
    this.succeed();
  }

  failed(cause: unknown): void {
    this.fail(cause);
  }
}
