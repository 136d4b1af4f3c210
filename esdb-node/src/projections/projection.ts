import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EventLog } from '../log/eventLog.js';
import { decodeRecorded } from '../protocol/recorded.js';
import { Bell } from '../streams/wait.js';
import type { Definition } from './definitions.js';
import type { Settings } from './journal.js';
import { Journal } from './journal.js';

/** Events that are taken from the log at once; what they lead to becomes durable at once. */
const PAGE = 256;
/** Events between two checkpoints: as many are looked at again, and no more, after a restart. */
const CHECKPOINT_AFTER = 4000;

export type ProjectionStatus = 'Running' | 'Stopped' | 'Aborted' | 'Faulted';

/** What a projection tells of itself. */
export interface ProjectionFacts {
  readonly name: string;
  readonly status: ProjectionStatus;
  /** Why it is faulted. */
  readonly reason: string;
  readonly epoch: number;
  /** Every event up to here has been seen; −1 before the first. */
  readonly position: number;
  /** The place that its last checkpoint says. */
  readonly checkpoint: number;
  /** How much of the log has been seen, percent. */
  readonly progress: number;
  readonly eventsProcessed: number;
}

/** A system projection at work: it follows the log, some way behind it, and writes what its definition says. */
export class Projection {
  private readonly journal: Journal;
  private settings: Settings;
  private status: ProjectionStatus = 'Stopped';
  private reason = '';
  private position = -1;
  private checkpointed = -1;
  private processed = 0;
  private run: { readonly stop: AbortController; readonly ended: Promise<void> } | undefined;

  constructor(
    private readonly definition: Definition,
    private readonly log: EventLog,
    private readonly report: (fault: unknown) => void,
  ) {
    this.journal = new Journal(log, definition);
    this.settings = this.journal.settings();
  }

  get name(): string {
    return this.definition.name;
  }

  facts(): ProjectionFacts {
    const end = this.log.reader.end();
    return {
      name: this.name,
      status: this.status,
      reason: this.reason,
      epoch: this.settings.epoch,
      position: this.position,
      checkpoint: this.checkpointed,
      progress: this.caughtUp() || end === 0 ? 100 : (Math.max(this.position, 0) / end) * 100,
      eventsProcessed: this.processed,
    };
  }

  /** Starts the projection, unless an operator had it stopped. */
  begin(): void {
    if (this.settings.enabled) this.start();
  }

  async enable(): Promise<void> {
    if (!this.settings.enabled) await this.decide({ enabled: true });
    this.start();
  }

  async disable(status: 'Stopped' | 'Aborted'): Promise<void> {
    if (this.settings.enabled) await this.decide({ enabled: false });
    await this.halt();
    this.status = status;
  }

  /** Has everything written anew, from the beginning of the log. */
  async reset(): Promise<void> {
    await this.halt();
    await this.decide({ epoch: this.settings.epoch + 1 });
    if (this.settings.enabled) this.start();
  }

  async restart(): Promise<void> {
    await this.halt();
    this.begin();
  }

  /** Ends the work; resolves when nothing more is written. */
  async halt(): Promise<void> {
    this.run?.stop.abort();
    await this.run?.ended;
  }

  private async decide(change: Partial<Settings>): Promise<void> {
    const settings = { ...this.settings, ...change };
    await this.journal.decide(settings);
    this.settings = settings;
  }

  private start(): void {
    if (this.run) return;
    const stop = new AbortController();
    this.status = 'Running';
    this.reason = '';
    const ended = this.follow(stop.signal)
      .then(() => {
        this.status = 'Stopped';
      })
      .catch((fault: unknown) => {
        this.status = 'Faulted';
        this.reason = fault instanceof Error ? fault.message : String(fault);
        this.report(fault);
      })
      .finally(() => {
        this.run = undefined;
      });
    this.run = { stop, ended };
  }

  private async follow(signal: AbortSignal): Promise<void> {
    const bell = new Bell(signal);
    const unsubscribe = this.log.onAppend(undefined, bell.ring);
    try {
      const pause = (): Promise<void> => nextTurn();
      this.position = (await this.journal.place(this.settings, pause)).position;
      this.checkpointed = this.position;
      // the first page writes a checkpoint: without one a place is looked for in the whole log
      let sinceCheckpoint = this.position < 0 ? CHECKPOINT_AFTER : 0;
      while (!signal.aborted) {
        const seen = await this.page(sinceCheckpoint);
        sinceCheckpoint = seen.checkpointed ? 0 : sinceCheckpoint + seen.events;
        if (seen.events === 0) await bell.wait();
        // writers first: what comes in meanwhile shares the next page
        await nextTurn();
      }
    } finally {
      unsubscribe();
    }
  }

  private async page(sinceCheckpoint: number): Promise<{ readonly events: number; readonly checkpointed: boolean }> {
    const page = this.log.reader.all(this.position + 1, PAGE, 'forwards');
    const last = page.at(-1);
    if (!last) return { events: 0, checkpointed: false };
    const emissions = page.flatMap(({ bytes, position }) => {
      const emission = this.definition.emit(decodeRecorded(bytes));
      return emission ? [{ emission, position }] : [];
    });
    const due = sinceCheckpoint + page.length > CHECKPOINT_AFTER;
    await this.journal.write(emissions, due ? { position: last.position } : undefined, this.settings);
    this.position = last.position;
    if (due) this.checkpointed = last.position;
    this.processed += page.length;
    return { events: page.length, checkpointed: due };
  }

  private caughtUp(): boolean {
    return this.log.reader.all(this.position + 1, 1, 'forwards').length === 0;
  }
}
