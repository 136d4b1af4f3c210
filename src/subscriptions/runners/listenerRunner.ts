import * as E from 'fp-ts/lib/Either.js';
import type { RecordedEvent } from '../../domain/events.js';
import type { ListenerDefinition } from '../contract.js';
import { describeFault, mayPass } from '../faults.js';
import type { Cursor } from '../feed/cursor.js';
import { concerns } from '../feed/feedItem.js';
import type { Log } from '../ports/log.js';
import { retrying } from '../retry.js';
import { Changes } from '../wait.js';
import type { Runner, RunnerStatus } from './runner.js';
import type { RunnerTimings } from './timings.js';

export interface ListenerRunnerOptions {
  readonly definition: ListenerDefinition;
  readonly openCursor: (after: bigint | null) => Cursor;
  readonly after: bigint | null;
  readonly timings: RunnerTimings;
  readonly log: Log;
}

const BATCH = 1_000;

/** Feeds something that lives in this process's memory: no lease, no checkpoint. */
export class ListenerRunner implements Runner {
  readonly name: string;
  private position: bigint | null;
  private cursor: Cursor | undefined;
  private readonly moved = new Changes();

  constructor(private readonly options: ListenerRunnerOptions) {
    this.name = options.definition.name;
    this.position = options.after;
  }

  status(): RunnerStatus {
    const { name, position, cursor } = this;
    return { name, kind: 'listener', state: cursor ? 'leading' : 'waiting', position, atEnd: cursor?.atEnd ?? false };
  }

  progressed(signal: AbortSignal, timeoutMs: number): Promise<void> {
    return this.moved.next(signal, timeoutMs);
  }

  async run(signal: AbortSignal): Promise<void> {
    const cursor = this.options.openCursor(this.position);
    this.cursor = cursor;
    for (;;) {
      const items = await cursor.take(BATCH, 0, signal);
      if (items.length === 0) break;
      for (const item of items) {
        if (concerns(item, this.options.definition.wants, false) && E.isRight(item.decoded)) {
          await this.handle(item.decoded.right, signal);
        }
        if (signal.aborted) break;
        this.position = item.position;
      }
      this.moved.announce();
    }
    this.cursor = undefined;
    await cursor.close();
  }

  private async handle(event: RecordedEvent, signal: AbortSignal): Promise<void> {
    const { definition, timings, log } = this.options;
    try {
      await retrying(async () => await definition.handle(event), {
        firstDelayMs: timings.firstRetryMs,
        maxDelayMs: timings.maxRetryMs,
        signal,
        shouldRetry: mayPass,
        onRetry: (error) => log.warn('a listener tries again', { runner: this.name, reason: describeFault(error) }),
      });
    } catch (error) {
      if (signal.aborted) return;
      log.error('a listener could not handle an event and goes on', {
        runner: this.name,
        stream: event.stream,
        revision: event.revision,
        error,
      });
    }
  }
}
