import { randomUUID } from 'node:crypto';
import type { EventLog } from '../log/eventLog.js';
import type { ProposedEvent, WriteOutcome } from '../log/expected.js';
import { ANY } from '../log/expected.js';
import { metastreamOf } from '../log/metadata.js';
import { BINARY_TYPE, JSON_TYPE, decodeRecorded } from '../protocol/recorded.js';
import { LINK_TYPE } from '../streams/resolve.js';
import type { Place } from './places.js';
import { parsePlace, placeText } from './places.js';

const NO_BYTES = Buffer.alloc(0);
const PAGE = 256;

const jsonEvent = (type: string, text: string): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType: JSON_TYPE,
  data: Buffer.from(text),
  customMetadata: NO_BYTES,
});

/** Writes a stream's metadata whole. */
export const writeMetadata = (log: EventLog, stream: string, metadata: object): Promise<WriteOutcome> =>
  log.append(metastreamOf(stream), ANY, [jsonEvent('$metadata', JSON.stringify(metadata))]);

/** Only administrators may do anything with it. */
const ADMINS_ONLY = { $r: '$admins', $w: '$admins', $d: '$admins', $mr: '$admins', $mw: '$admins' };

const done = (outcome: WriteOutcome): void => {
  if (outcome.kind !== 'written') throw new Error(`a group's own stream could not be written: ${outcome.kind}`);
};

/** How far a group has come, as its checkpoint stream says it. */
export class CheckpointStream {
  readonly name: string;

  constructor(
    private readonly log: EventLog,
    private readonly source: string,
    id: string,
  ) {
    this.name = `$persistentsubscription-${id}-checkpoint`;
  }

  /** The last place up to which everything is done; undefined without a checkpoint. */
  load(): bigint | undefined {
    const { reader } = this.log;
    const view = reader.view(this.name);
    if (view.kind !== 'there') return undefined;
    const [last] = reader.page(view, view.lastRevision, 1, 'backwards');
    if (!last) return undefined;
    try {
      const value: unknown = JSON.parse(Buffer.from(decodeRecorded(last.bytes).data).toString('utf8'));
      return typeof value === 'string' ? parsePlace(value) : undefined;
    } catch {
      return undefined;
    }
  }

  async write(place: Place): Promise<void> {
    const text = JSON.stringify(placeText(this.source, place));
    done(await this.log.append(this.name, ANY, [jsonEvent('SubscriptionCheckpoint', text)]));
  }

  /** Resolves when it is gone. */
  async remove(): Promise<void> {
    await this.log.softDelete(this.name, ANY);
  }
}

/** Why and when a message was parked, and its number in the group's source. */
interface ParkedMetadata {
  readonly added: string;
  readonly reason: string;
  readonly subscriptionEventNumber?: number;
}

/** The messages that a group has put aside, as links. */
export class ParkedStream {
  readonly name: string;
  /** Replayed up to here, exclusive; the stream's metadata says so a little later. */
  private replayed = 0;

  constructor(
    private readonly log: EventLog,
    id: string,
  ) {
    this.name = `$persistentsubscription-${id}-parked`;
  }

  /** How many messages wait there. */
  count(): number {
    const view = this.log.reader.view(this.name);
    if (view.kind !== 'there') return 0;
    return Math.max(view.lastRevision + 1 - Math.max(view.firstRevision, this.replayed), 0);
  }

  /** Resolves when the message is safe there. @param link `revision@stream` */
  async park(link: string, reason: string, number: number): Promise<void> {
    const metadata: ParkedMetadata = {
      added: new Date().toISOString().replace('Z', '+00:00'),
      reason,
      ...(number !== 0 && { subscriptionEventNumber: number }),
    };
    const event = {
      id: randomUUID(),
      type: LINK_TYPE,
      contentType: BINARY_TYPE,
      data: Buffer.from(link),
      customMetadata: Buffer.from(JSON.stringify(metadata)),
    };
    done(await this.log.append(this.name, ANY, [event]));
  }

  /** The positions of the links from the first one that waits up to `stopAt`, exclusive, and where that is. */
  waiting(stopAt: bigint | undefined): { readonly positions: number[]; readonly end: number } {
    const { reader } = this.log;
    const view = reader.view(this.name);
    if (view.kind !== 'there') return { positions: [], end: 0 };
    const end = Math.min(view.lastRevision + 1, stopAt === undefined ? Infinity : Number(stopAt));
    const positions: number[] = [];
    let next = Math.max(view.firstRevision, this.replayed);
    while (next < end) {
      const page = reader.page(view, next, Math.min(PAGE, end - next), 'forwards');
      const inside = page.filter(({ revision }) => revision < end);
      for (const { position } of inside) positions.push(position);
      next = (inside.at(-1)?.revision ?? end) + 1;
    }
    return { positions, end };
  }

  /** They are with the consumers again, up to `end`: the stream lets go of them. */
  async truncate(end: number): Promise<void> {
    this.replayed = Math.max(this.replayed, end);
    done(await writeMetadata(this.log, this.name, { $tb: this.replayed, $acl: ADMINS_ONLY }));
  }

  async remove(): Promise<void> {
    await this.log.softDelete(this.name, ANY);
  }
}
