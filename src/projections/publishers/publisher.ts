import { type CloudEvent, SOURCE } from '../../consumers/contracts/cloudEvent.js';
import { dataSchemaOf } from '../../consumers/contracts/index.js';
import type { RecordedEvent } from '../../domain/events.js';
import type { Folds, ReactorDefinition } from '../../subscriptions/contract.js';
import { UnprocessableEvent } from '../../subscriptions/faults.js';
import { jobOf } from './jobs.js';
import type { Message } from './message.js';
import { isPublished, messageOf } from './messages.js';
import { type MessagePublisher, MessageTooLarge } from './ports/messagePublisher.js';

export interface PublisherOptions {
  readonly folds: Folds;
  readonly publisher: MessagePublisher;
  /** How many messages may wait for their confirm at once; default 256. */
  readonly maxInFlight?: number;
}

/** Name of the publisher's checkpoint and lease. */
export const PUBLISHER = 'publisher';

/**
 * Tells other services what happened. The event store is the outbox: the checkpoint moves only past what the broker has
 * confirmed, so a message may be sent twice (with the same id and the same bytes) but is never left out. Messages of one
 * stream leave in order.
 */
export function publisherReactor({ folds, publisher, maxInFlight = 256 }: PublisherOptions): ReactorDefinition {
  const publish = async (message: CloudEvent<unknown>): Promise<void> => {
    try {
      await publisher.publish(message);
    } catch (error) {
      if (!(error instanceof MessageTooLarge)) throw error;
      throw new UnprocessableEvent(error.message, { cause: error });
    }
  };
  return {
    name: PUBLISHER,
    wants: isPublished,
    key: ({ stream }) => stream,
    maxInFlight,
    react: async (event) => {
      for (const message of [await messageOf(event, folds), await jobOf(event, folds)]) {
        if (message) await publish(envelope(event, message));
      }
    },
  };
}

/** The message as it travels; made of nothing but the event and its message. */
export function envelope(event: RecordedEvent, message: Message): CloudEvent<Message['data']> {
  const { meta } = event;
  return {
    specversion: '1.0',
    id: message.id ?? event.id,
    source: SOURCE,
    type: message.type,
    subject: message.subject,
    time: meta.at,
    datacontenttype: 'application/json',
    dataschema: dataSchemaOf(message.type),
    streamrevision: event.revision,
    position: event.position.toString(),
    correlationid: meta.correlationId,
    // what no message or event caused was caused by its command
    causationid: meta.causationId ?? meta.commandId,
    tenant: meta.tenant,
    ...(meta.traceparent === undefined ? {} : { traceparent: meta.traceparent }),
    ...(meta.location === undefined ? {} : { location: meta.location }),
    data: message.data,
  };
}
