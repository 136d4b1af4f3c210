import { wide } from '../protocol/shared.js';
import type { Consumer } from './consumer.js';
import type { Group } from './group.js';
import { placeText, startText } from './places.js';

const perSecond = (count: number, since: number): number =>
  Math.floor(count / Math.max((Date.now() - since) / 1000, 1));

const connectionOf = (consumer: Consumer, extraStatistics: boolean): object => {
  const sinceMeasured = consumer.sinceMeasured;
  consumer.sinceMeasured = 0;
  const measured = extraStatistics ? consumer.latencies.measurements() : [];
  return {
    from: '',
    username: consumer.options.userName,
    averageItemsPerSecond: perSecond(consumer.total, consumer.since),
    totalItems: wide(consumer.total),
    countSinceLastMeasurement: wide(sinceMeasured),
    observedMeasurements: measured.map(({ key, value }) => ({ key, value: wide(value) })),
    availableSlots: Math.max(consumer.options.bufferSize - consumer.inFlight, 0),
    inFlightMessages: consumer.inFlight,
    connectionName: String(consumer.call.headers['connection-name'] ?? ''),
  };
};

/** A SubscriptionInfo message. Asking begins a new measurement. */
export const infoOf = (group: Group): object => {
  const { source, name, settings } = group.definition;
  const { lastKnown, checkpoint } = group.progress;
  const sinceMeasured = group.sinceMeasured;
  group.sinceMeasured = 0;
  return {
    eventSource: source,
    groupName: name,
    status: group.feed.status,
    connections: group.consumers.map((consumer) => connectionOf(consumer, settings.extraStatistics)),
    averagePerSecond: perSecond(group.total, group.since),
    totalItems: wide(group.total),
    countSinceLastMeasurement: wide(sinceMeasured),
    lastCheckpointedEventPosition: checkpoint === undefined ? '' : placeText(source, checkpoint),
    lastKnownEventPosition: lastKnown === undefined ? '' : placeText(source, lastKnown),
    resolveLinkTos: settings.resolveLinks,
    startFrom: startText(source, settings.start),
    messageTimeoutMilliseconds: settings.messageTimeout,
    extraStatistics: settings.extraStatistics,
    maxRetryCount: settings.maxRetryCount,
    liveBufferSize: settings.liveBufferSize,
    bufferSize: settings.historyBufferSize,
    readBatchSize: settings.readBatchSize,
    checkPointAfterMilliseconds: settings.checkPointAfter,
    minCheckPointCount: settings.minCheckPointCount,
    maxCheckPointCount: settings.maxCheckPointCount,
    readBufferCount: group.feed.queue.length,
    liveBufferCount: wide(group.feed.liveCount),
    retryBufferCount: group.retry.length,
    totalInFlightMessages: group.consumers.reduce((sum, { inFlight }) => sum + inFlight, 0),
    outstandingMessagesCount: group.outstanding.count,
    namedConsumerStrategy: settings.strategy,
    maxSubscriberCount: settings.maxSubscriberCount,
    parkedMessageCount: wide(group.parked.count()),
  };
};
