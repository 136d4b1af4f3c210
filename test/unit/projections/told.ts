import * as E from 'fp-ts/lib/Either.js';
import { contracts, type MessageType } from '../../../src/consumers/contracts/index.js';
import type { DomainEvent } from '../../../src/domain/events.js';
import { isPublished, messageOf } from '../../../src/projections/publishers/messages.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { MemoryLog } from '../../support/projections.js';

/** What a stream's events are told as, decoded by their contracts on the way. */
export async function told(stream: string, events: readonly DomainEvent[]) {
  const log = new MemoryLog();
  const recorded = log.append(stream, ...events);
  const messages = [];
  for (const event of recorded) {
    if (!isPublished(event.event.type)) continue;
    const message = await messageOf(event, createFolds({ reader: log }));
    if (!message) continue;
    const decoded = contracts[message.type].decode(JSON.parse(JSON.stringify(message.data)));
    if (E.isLeft(decoded)) throw new Error(`${message.type} breaks its contract`);
    messages.push(message);
  }
  return messages;
}
/** The types of these messages. */
export const typesOf = async (stream: string, events: readonly DomainEvent[]): Promise<MessageType[]> =>
  (await told(stream, events)).map(({ type }) => type);
