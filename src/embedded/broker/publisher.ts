import { MAX_MESSAGE_BYTES } from '../../consumers/contracts/cloudEvent.js';
import type { CloudEvent } from '../../consumers/contracts/cloudEvent.js';
import { directRouteOf } from '../../consumers/contracts/routes.js';
import { MessageTooLarge } from '../../projections/publishers/ports/messagePublisher.js';
import type { MessagePublisher } from '../../projections/publishers/ports/messagePublisher.js';
import type { Jobs } from './jobs.js';
import { topicMatches } from './topics.js';

interface Pending {
  readonly type: string;
  readonly body: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** A job comes to nobody who wants everything. */
const wants = (pattern: string, type: string): boolean =>
  directRouteOf(type) === undefined ? topicMatches(pattern, type) : pattern === type;

/** One statement carries at most this many messages; what waits meanwhile goes with the next. */
const BATCH = 200;

/**
 * Publishes by inserting one job for each bound queue. Calls that overlap share a statement (group commit), so a stream
 * of publishes costs one commit for many messages.
 */
export const embeddedPublisher = (jobs: Jobs, onInserted: (queues: ReadonlySet<string>) => void): MessagePublisher => {
  const pending: Pending[] = [];
  let flushing = false;

  const insert = async (batch: readonly Pending[]): Promise<void> => {
    const bindings = await jobs.bindings();
    const queuesOf = (type: string): ReadonlySet<string> =>
      new Set(bindings.filter(({ pattern }) => wants(pattern, type)).map(({ queue }) => queue));
    const copies = batch.flatMap(({ type, body }) =>
      [...queuesOf(type)].map((queue) => ({ queue, data: { body, attempt: 1 } })),
    );
    if (copies.length === 0) return;
    await jobs.insert(copies);
    onInserted(new Set(copies.map(({ queue }) => queue)));
  };

  const flush = async (): Promise<void> => {
    flushing = true;
    while (pending.length > 0) {
      const batch = pending.splice(0, BATCH);
      try {
        await insert(batch);
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    flushing = false;
  };

  return {
    publish: async (message: CloudEvent<unknown>) => {
      const body = JSON.stringify(message);
      const bytes = Buffer.byteLength(body);
      if (bytes > MAX_MESSAGE_BYTES) throw new MessageTooLarge(message.id, bytes, MAX_MESSAGE_BYTES);
      await new Promise<void>((resolve, reject) => {
        pending.push({ type: message.type, body, resolve, reject });
        if (!flushing) void flush();
      });
    },
  };
};
