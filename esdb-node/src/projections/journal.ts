import { randomUUID } from 'node:crypto';
import type { EventLog } from '../log/eventLog.js';
import type { ProposedEvent } from '../log/expected.js';
import { ANY } from '../log/expected.js';
import { metastreamOf, withTruncateBefore } from '../log/metadata.js';
import { BINARY_TYPE, JSON_TYPE, decodeRecorded, namesOf } from '../protocol/recorded.js';
import type { StoredRecord } from '../storage/storage.js';
import type { Definition, Emission } from './definitions.js';

/** What an operator decided about a projection. */
export interface Settings {
  readonly enabled: boolean;
  /** Goes up with each reset: what was written before counts no more. */
  readonly epoch: number;
}

/** Where a projection stands: every event up to this position has been seen. −1: none. */
export interface Place {
  readonly position: number;
}

const FIRST: Settings = { enabled: true, epoch: 0 };
const PAGE = 256;
const EMPTY = Buffer.alloc(0);
const VERSION = 4;

const json = (bytes: Uint8Array): Record<string, unknown> => {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

/**
 * What a projection keeps in the log. Everything that it writes says which event it was written for, and what it writes for one page
 * becomes durable together: so its place is found again after a crash without a checkpoint for each page, and nothing is written twice.
 */
export class Journal {
  private readonly settingsStream: string;
  private readonly checkpointStream: string;

  constructor(
    private readonly log: EventLog,
    private readonly definition: Definition,
  ) {
    this.settingsStream = `$projections-${definition.name}`;
    this.checkpointStream = `${this.settingsStream}-checkpoint`;
  }

  settings(): Settings {
    const last = this.last(this.settingsStream);
    if (!last) return FIRST;
    const { enabled = FIRST.enabled, epoch = FIRST.epoch } = json(decodeRecorded(last.bytes).data) as Partial<Settings>;
    return { enabled, epoch };
  }

  async decide(settings: Settings): Promise<void> {
    const data = Buffer.from(JSON.stringify(settings));
    await this.log.append(this.settingsStream, ANY, [event('$ProjectionUpdated', JSON_TYPE, data, EMPTY)]);
  }

  /** Writes what a page of events led to, and a checkpoint if it is due: all of it or, after a crash, nothing. */
  async write(
    emissions: readonly { readonly emission: Emission; readonly position: number }[],
    checkpoint: Place | undefined,
    { epoch }: Settings,
  ): Promise<void> {
    const byStream = new Map<string, ProposedEvent[]>();
    for (const { emission, position } of emissions) {
      const metadata = Buffer.from(JSON.stringify({ ...this.tag(position, epoch), ...emission.metadata }));
      const proposed = event(emission.type, BINARY_TYPE, Buffer.from(emission.data), metadata);
      const others = byStream.get(emission.stream);
      if (others) others.push(proposed);
      else byStream.set(emission.stream, [proposed]);
    }
    const writes: Promise<unknown>[] = [];
    for (const [stream, events] of byStream) {
      if (epoch > 0) writes.push(...this.hideFormerEpochs(stream, epoch));
      // a stream that somebody ended for ever takes no more, which stops nothing else
      writes.push(this.log.append(stream, ANY, events));
    }
    if (checkpoint) writes.push(...this.checkpoint(checkpoint, epoch));
    await Promise.all(writes);
  }

  /** Where the projection stands, according to the log. Gives others a turn while it looks. */
  async place({ epoch }: Settings, pause: () => Promise<void>): Promise<Place> {
    const last = this.last(this.checkpointStream);
    const tag = last && this.tagOf(last, epoch);
    if (!last || tag === undefined) return { position: -1 };
    let position = tag;
    for (let from = last.position; ;) {
      const page = this.log.reader.all(from, PAGE, 'forwards');
      for (const record of page) {
        if (this.definition.owns(namesOf(record.bytes).stream)) {
          position = Math.max(position, this.tagOf(record, epoch) ?? -1);
        }
      }
      const end = page.at(-1);
      if (!end) return { position };
      from = end.position + 1;
      await pause();
    }
  }

  private checkpoint({ position }: Place, epoch: number): Promise<unknown>[] {
    const writes: Promise<unknown>[] = [];
    if (this.log.reader.head(this.checkpointStream).lastRevision < 0) {
      const data = Buffer.from('{"$maxCount":2}');
      writes.push(
        this.log.append(metastreamOf(this.checkpointStream), ANY, [event('$metadata', JSON_TYPE, data, EMPTY)]),
      );
    }
    const metadata = Buffer.from(JSON.stringify(this.tag(position, epoch)));
    const written = event('$ProjectionCheckpoint', JSON_TYPE, Buffer.from('{}'), metadata);
    writes.push(this.log.append(this.checkpointStream, ANY, [written]));
    return writes;
  }

  /** After a reset the links of former epochs in a stream are hidden when the first new one comes. */
  private hideFormerEpochs(stream: string, epoch: number): Promise<unknown>[] {
    const last = this.last(stream);
    if (!last || this.tagOf(last, epoch) !== undefined) return [];
    const metadata = this.last(metastreamOf(stream));
    const before = decodeRecorded(last.bytes).revision + 1;
    // whatever else the metadata says stays in force
    const text = withTruncateBefore(metadata ? decodeRecorded(metadata.bytes).data : EMPTY, before);
    const data = Buffer.from(text);
    return [this.log.append(metastreamOf(stream), ANY, [event('$metadata', JSON_TYPE, data, EMPTY)])];
  }

  private last(stream: string): StoredRecord | undefined {
    const view = this.log.reader.view(stream);
    return view.kind === 'there' ? this.log.reader.page(view, view.lastRevision, 1, 'backwards')[0] : undefined;
  }

  private tag(position: number, epoch: number): Readonly<Record<string, unknown>> {
    return { $v: `${this.definition.id}:${epoch}:${VERSION}:0`, $c: position, $p: position };
  }

  /** The position that something of this projection and this epoch was written for. */
  private tagOf({ bytes }: StoredRecord, epoch: number): number | undefined {
    const { $v, $c } = json(decodeRecorded(bytes).customMetadata);
    return $v === `${this.definition.id}:${epoch}:${VERSION}:0` && typeof $c === 'number' ? $c : undefined;
  }
}

const event = (type: string, contentType: string, data: Buffer, customMetadata: Buffer): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType,
  data,
  customMetadata,
});
