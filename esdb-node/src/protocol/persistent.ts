import { root } from './root.js';
import type { Codec } from './schema.js';
import { codecOf, define } from './schema.js';
import type { StreamIdentifier, UuidMessage, Wide } from './shared.js';
import type { FilterOptions } from './streams.js';
import './shared.js';

const EMPTY = 'event_store.client.Empty';
const STREAM = 'event_store.client.StreamIdentifier';
const UUID = 'event_store.client.UUID';
const IN = 'event_store.client.persistent_subscriptions';

const SETTINGS = {
  resolveLinks: '1 bool',
  // where older clients say where a group on a stream starts
  revision: '2 uint64',
  extraStatistics: '3 bool',
  maxRetryCount: '5 int32',
  minCheckpointCount: '7 int32',
  maxCheckpointCount: '8 int32',
  maxSubscriberCount: '9 int32',
  liveBufferSize: '10 int32',
  readBatchSize: '11 int32',
  historyBufferSize: '12 int32',
  namedConsumerStrategy: '13 int32',
  '?messageTimeout': { messageTimeoutTicks: '4 int64', messageTimeoutMs: '14 int32' },
  '?checkpointAfter': { checkpointAfterTicks: '6 int64', checkpointAfterMs: '15 int32' },
  // creating only
  consumerStrategy: '16 string',
};
const EXPRESSION = { regex: '1 string', prefix: '2 repeated string' };

// Create and Update have messages of the same shape; an update's has no filter and no strategy by name.
define(root, IN, {
  Expression: EXPRESSION,
  FilterOptions: {
    '?filter': { streamIdentifier: '1 Expression', eventType: '2 Expression' },
    '?window': { max: '3 uint32', count: `4 ${EMPTY}` },
    checkpointIntervalMultiplier: '5 uint32',
  },
  Position: { commitPosition: '1 uint64', preparePosition: '2 uint64' },
  StreamOptions: {
    streamIdentifier: `1 ${STREAM}`,
    '?revisionOption': { revision: '2 uint64', start: `3 ${EMPTY}`, end: `4 ${EMPTY}` },
  },
  AllOptions: {
    '?allOption': { position: '1 Position', start: `2 ${EMPTY}`, end: `3 ${EMPTY}` },
    '?filterOption': { filter: '4 FilterOptions', noFilter: `5 ${EMPTY}` },
  },
  Settings: SETTINGS,
  WriteReq: { options: '1 WriteReq.Options' },
  'WriteReq.Options': {
    // where older clients name the stream
    streamIdentifier: `1 ${STREAM}`,
    '?streamOption': { stream: '4 StreamOptions', all: '5 AllOptions' },
    groupName: '2 string',
    settings: '3 Settings',
  },

  DeleteReq: { options: '1 DeleteReq.Options' },
  'DeleteReq.Options': {
    '?streamOption': { streamIdentifier: `1 ${STREAM}`, all: `3 ${EMPTY}` },
    groupName: '2 string',
  },
  GetInfoReq: { options: '1 GetInfoReq.Options' },
  'GetInfoReq.Options': {
    '?streamOption': { streamIdentifier: `1 ${STREAM}`, all: `2 ${EMPTY}` },
    groupName: '3 string',
  },
  ReplayParkedReq: { options: '1 ReplayParkedReq.Options' },
  'ReplayParkedReq.Options': {
    groupName: '1 string',
    '?streamOption': { streamIdentifier: `2 ${STREAM}`, all: `3 ${EMPTY}` },
    '?stopAtOption': { stopAt: '4 int64', noLimit: `5 ${EMPTY}` },
  },
  ListReq: { options: '1 ListReq.Options' },
  'ListReq.Options': { '?listOption': { listAllSubscriptions: `1 ${EMPTY}`, listForStream: '2 ListReq.StreamOption' } },
  'ListReq.StreamOption': { '?streamOption': { stream: `1 ${STREAM}`, all: `2 ${EMPTY}` } },

  SubscriptionInfo: {
    eventSource: '1 string',
    groupName: '2 string',
    status: '3 string',
    connections: '4 repeated SubscriptionInfo.ConnectionInfo',
    averagePerSecond: '5 int32',
    totalItems: '6 int64',
    countSinceLastMeasurement: '7 int64',
    lastCheckpointedEventPosition: '8 string',
    lastKnownEventPosition: '9 string',
    resolveLinkTos: '10 bool',
    startFrom: '11 string',
    messageTimeoutMilliseconds: '12 int32',
    extraStatistics: '13 bool',
    maxRetryCount: '14 int32',
    liveBufferSize: '15 int32',
    bufferSize: '16 int32',
    readBatchSize: '17 int32',
    checkPointAfterMilliseconds: '18 int32',
    minCheckPointCount: '19 int32',
    maxCheckPointCount: '20 int32',
    readBufferCount: '21 int32',
    liveBufferCount: '22 int64',
    retryBufferCount: '23 int32',
    totalInFlightMessages: '24 int32',
    outstandingMessagesCount: '25 int32',
    namedConsumerStrategy: '26 string',
    maxSubscriberCount: '27 int32',
    parkedMessageCount: '28 int64',
  },
  'SubscriptionInfo.Measurement': { key: '1 string', value: '2 int64' },
  'SubscriptionInfo.ConnectionInfo': {
    from: '1 string',
    username: '2 string',
    averageItemsPerSecond: '3 int32',
    totalItems: '4 int64',
    countSinceLastMeasurement: '5 int64',
    observedMeasurements: '6 repeated Measurement',
    availableSlots: '7 int32',
    inFlightMessages: '8 int32',
    connectionName: '9 string',
  },
  GetInfoResp: { subscriptionInfo: '1 SubscriptionInfo' },
  ListResp: { subscriptions: '1 repeated SubscriptionInfo' },

  ReadReq: { '?content': { options: '1 ReadReq.Options', ack: '2 ReadReq.Ack', nack: '3 ReadReq.Nack' } },
  'ReadReq.Options': {
    '?streamOption': { streamIdentifier: `1 ${STREAM}`, all: `5 ${EMPTY}` },
    groupName: '2 string',
    bufferSize: '3 int32',
    uuidOption: '4 ReadReq.Options.UUIDOption',
  },
  'ReadReq.Options.UUIDOption': { '?content': { structured: `1 ${EMPTY}`, string: `2 ${EMPTY}` } },
  'ReadReq.Ack': { id: '1 bytes', ids: `2 repeated ${UUID}` },
  'ReadReq.Nack': { id: '1 bytes', ids: `2 repeated ${UUID}`, action: '3 int32', reason: '4 string' },
  // answers that hold events are put together by hand, see persistentEvent.ts
  ReadResp: { subscriptionConfirmation: '2 ReadResp.SubscriptionConfirmation' },
  'ReadResp.SubscriptionConfirmation': { subscriptionId: '1 string' },
});

export interface SettingsMessage {
  readonly resolveLinks: boolean;
  readonly revision: Wide;
  readonly extraStatistics: boolean;
  readonly maxRetryCount: number;
  readonly minCheckpointCount: number;
  readonly maxCheckpointCount: number;
  readonly maxSubscriberCount: number;
  readonly liveBufferSize: number;
  readonly readBatchSize: number;
  readonly historyBufferSize: number;
  readonly namedConsumerStrategy: number;
  readonly messageTimeout?: 'messageTimeoutTicks' | 'messageTimeoutMs';
  readonly messageTimeoutTicks: Wide;
  readonly messageTimeoutMs: number;
  readonly checkpointAfter?: 'checkpointAfterTicks' | 'checkpointAfterMs';
  readonly checkpointAfterTicks: Wide;
  readonly checkpointAfterMs: number;
  readonly consumerStrategy: string;
}

export interface WriteOptions {
  readonly streamIdentifier?: StreamIdentifier | null;
  readonly streamOption?: 'stream' | 'all';
  readonly stream?: {
    readonly streamIdentifier?: StreamIdentifier | null;
    readonly revisionOption?: 'revision' | 'start' | 'end';
    readonly revision: Wide;
  };
  readonly all?: {
    readonly allOption?: 'position' | 'start' | 'end';
    readonly position?: { readonly commitPosition: Wide; readonly preparePosition: Wide };
    readonly filterOption?: 'filter' | 'noFilter';
    readonly filter?: FilterOptions;
  };
  readonly groupName: string;
  readonly settings?: SettingsMessage | null;
}

/** Names a stream or the whole log. */
export interface SourceMessage {
  readonly streamOption?: 'streamIdentifier' | 'all';
  readonly streamIdentifier?: StreamIdentifier | null;
}

export interface GroupMessage extends SourceMessage {
  readonly groupName: string;
}

export interface ReplayOptions extends GroupMessage {
  readonly stopAtOption?: 'stopAt' | 'noLimit';
  readonly stopAt: Wide;
}

export interface ListOptions {
  readonly listOption?: 'listAllSubscriptions' | 'listForStream';
  readonly listForStream?: { readonly streamOption?: 'stream' | 'all'; readonly stream?: StreamIdentifier | null };
}

export interface ReadOptions extends GroupMessage {
  readonly bufferSize: number;
  readonly uuidOption?: { readonly content?: 'structured' | 'string' } | null;
}

export interface PersistentReadReq {
  readonly content?: 'options' | 'ack' | 'nack';
  readonly options?: ReadOptions;
  readonly ack?: { readonly ids: readonly UuidMessage[] };
  readonly nack?: { readonly ids: readonly UuidMessage[]; readonly action: number; readonly reason: string };
}

interface Optional<T> {
  readonly options?: T | null;
}

const codec = <T>(name: string): Codec<T> => codecOf<T>(root, `${IN}.${name}`);

export const writeReq = codec<Optional<WriteOptions>>('WriteReq');
export const deleteGroupReq = codec<Optional<GroupMessage>>('DeleteReq');
export const getInfoReq = codec<Optional<GroupMessage>>('GetInfoReq');
export const replayParkedReq = codec<Optional<ReplayOptions>>('ReplayParkedReq');
export const listReq = codec<Optional<ListOptions>>('ListReq');
export const getInfoResp = codec<object>('GetInfoResp');
export const listResp = codec<object>('ListResp');
export const persistentReadReq = codec<PersistentReadReq>('ReadReq');

const readResp = codec<object>('ReadResp');
export const subscribed = (subscriptionId: string): Uint8Array =>
  readResp.encode({ subscriptionConfirmation: { subscriptionId } });

/** What is to be done with a message that a consumer did not take. */
export const NackAction = { UNKNOWN: 0, PARK: 1, RETRY: 2, SKIP: 3, STOP: 4 } as const;
