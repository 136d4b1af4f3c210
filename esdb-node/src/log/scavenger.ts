import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { JSON_TYPE, decodeRecorded } from '../protocol/recorded.js';
import type { Storage } from '../storage/storage.js';
import type { EventLog } from './eventLog.js';
import { ANY } from './expected.js';
import { Garbage } from './garbage.js';

/** Events that are looked at without giving others a turn. */
const PAGE = 256;
/** Events that are removed by one write. */
const BATCH = 4096;
const EMPTY = Buffer.alloc(0);

type Place = Parameters<Storage['erase']>[0][number];

interface Run {
  readonly id: string;
  stopped: boolean;
  readonly done: Promise<void>;
}

/** Where a scavenge tells what it did. */
const scavengeStream = (id: string): string => `$scavenges-${id}`;

/**
 * Frees the space of events that nobody can read in their streams any more: they are gone from `$all`, too. One scavenge at a time;
 * it runs beside everything else, and leaves a `$scavengeStarted` and a `$scavengeCompleted` event in a stream of its own.
 */
export class Scavenger {
  private current: Run | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly storage: Pick<Storage, 'erase'>,
    /** Told of a scavenge that failed. */
    private readonly report: (fault: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** Starts a scavenge; when one is running, it says which instead. */
  start(): { readonly id: string; readonly started: boolean } {
    if (this.current) return { id: this.current.id, started: false };
    const id = randomUUID();
    const done = nextTurn()
      .then(() => this.run(id))
      .catch(this.report)
      .finally(() => {
        this.current = undefined;
      });
    this.current = { id, stopped: false, done };
    return { id, started: true };
  }

  /** Stops a scavenge and waits for its end; false when it is not running. */
  async stop(id: string): Promise<boolean> {
    const { current } = this;
    if (current?.id !== id) return false;
    current.stopped = true;
    await current.done;
    return true;
  }

  /** Stops whatever is running. */
  async close(): Promise<void> {
    if (this.current) await this.stop(this.current.id);
  }

  private async run(id: string): Promise<void> {
    const begun = this.now();
    await this.tell(id, '$scavengeStarted', {});
    const { events, bytes, complete } = await this.sweep();
    await this.tell(id, '$scavengeCompleted', {
      result: complete ? 'Success' : 'Stopped',
      timeTaken: this.now() - begun,
      spaceSaved: bytes,
      eventsRemoved: events,
    });
  }

  private async sweep(): Promise<{ events: number; bytes: number; complete: boolean }> {
    const { reader } = this.log;
    const garbage = new Garbage(reader, this.now);
    const end = reader.end();
    const removed = { events: 0, bytes: 0 };
    let found: Place[] = [];
    const flush = async (): Promise<void> => {
      if (found.length > 0) await this.storage.erase(found);
      removed.events += found.length;
      found = [];
    };
    for (let from = 0; from < end;) {
      if (this.current?.stopped) break;
      const page = reader.all(from, PAGE, 'forwards');
      const last = page.at(-1);
      if (!last) break;
      for (const { position, bytes } of page) {
        const event = decodeRecorded(bytes);
        const streamId = garbage.streamIdOf(event);
        if (streamId === undefined) continue;
        found.push({ streamId, revision: event.revision, position });
        removed.bytes += bytes.length;
      }
      from = last.position + 1;
      if (found.length >= BATCH) await flush();
      await nextTurn();
    }
    await flush();
    return { ...removed, complete: !this.current?.stopped };
  }

  private async tell(id: string, type: string, facts: object): Promise<void> {
    const data = Buffer.from(JSON.stringify({ scavengeId: id, ...facts }));
    const event = { id: randomUUID(), type, contentType: JSON_TYPE, data, customMetadata: EMPTY };
    await this.log.append(scavengeStream(id), ANY, [event]);
  }
}
