import { randomUUID } from 'node:crypto';
import type { AllStreamResolvedEvent, JSONEventData, ResolvedEvent } from '@eventstore/db-client';
import { jsonEvent } from '@eventstore/db-client';

/** A stream name that no other test has. */
export const freshStream = (label = 'stream'): string => `${label}-${randomUUID()}`;

/** An event with a number in it. */
export const numbered = (n: number, type = 'Happened'): JSONEventData =>
  jsonEvent({ id: randomUUID(), type, data: { n } });

/** As many events, numbered from `first`. */
export const several = (count: number, first = 0): JSONEventData[] =>
  Array.from({ length: count }, (_, k) => numbered(first + k));

export const collect = async <T>(iterable: AsyncIterable<T>): Promise<T[]> => {
  const out: T[] = [];
  for await (const item of iterable) out.push(item);
  return out;
};

/** The numbers of the events of an answer. */
export const numbers = (answers: readonly (ResolvedEvent | AllStreamResolvedEvent)[]): number[] =>
  answers.map(({ event }) => (event?.data as { n: number }).n);

/** What a promise rejects with; fails when it resolves. */
export const failureOf = async (promise: Promise<unknown>): Promise<Error> => {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it was expected to fail, but it did not');
};
