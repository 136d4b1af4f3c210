import * as E from 'fp-ts/lib/Either.js';
import { decodeCloudEvent } from '../../consumers/contracts/cloudEvent.js';
import type { DeadLetter, DeadLetters } from '../../consumers/ports/deadLetters.js';
import type { Job, Jobs } from './jobs.js';
import { deadQueueOf, isDeadQueue } from './names.js';

const ALL = 1_000_000;

export const embeddedDeadLetters = (jobs: Jobs, onInserted: (queues: ReadonlySet<string>) => void): DeadLetters => {
  const find = async (queue: string, id?: string): Promise<readonly Job[]> => {
    const all = await jobs.list(deadQueueOf(queue), ALL);
    return id === undefined ? all : all.filter((job) => job.data.dead?.id === id);
  };
  const discard = async (queue: string, id?: string): Promise<number> => {
    const found = await find(queue, id);
    const ids = found.map((job) => job.id);
    await jobs.remove(deadQueueOf(queue), ids);
    return ids.length;
  };
  return {
    queues: async () => (await jobs.queues()).filter((name) => !isDeadQueue(name)),
    list: async (queue, limit) => (await jobs.list(deadQueueOf(queue), limit)).map((job) => toDeadLetter(queue, job)),
    count: (queue) => jobs.count(deadQueueOf(queue)),
    retry: async (queue, id) => {
      const found = await find(queue, id);
      for (const job of found) {
        await jobs.replace(deadQueueOf(queue), job.id, { queue, data: { body: job.data.body, attempt: 1 } });
      }
      if (found.length > 0) onInserted(new Set([queue]));
      return found.length;
    },
    discard,
    purge: (queue) => discard(queue),
  };
};

const toDeadLetter = (queue: string, { id, data }: Job): DeadLetter => {
  const message = decodeCloudEvent(data.body);
  return {
    id: data.dead?.id ?? id,
    queue,
    reason: data.dead?.reason ?? 'unknown',
    attempts: data.attempt,
    deadAt: data.dead?.at ?? '',
    message: E.isRight(message) ? message.right : undefined,
    body: data.body,
  };
};
