import { root } from './root.js';
import type { Codec } from './schema.js';
import { codecOf, define } from './schema.js';
import type { StreamIdentifier, UuidMessage, Wide } from './shared.js';
import './shared.js';

const EMPTY = 'event_store.client.Empty';
const GOOGLE_EMPTY = 'google.protobuf.Empty';
const STREAM = 'event_store.client.StreamIdentifier';
const UUID = 'event_store.client.UUID';

const POSITION = { commitPosition: '1 uint64', preparePosition: '2 uint64' };
const EXPECTED = {
  streamIdentifier: `1 ${STREAM}`,
  '?expectedStreamRevision': {
    revision: '2 uint64',
    noStream: `3 ${EMPTY}`,
    any: `4 ${EMPTY}`,
    streamExists: `5 ${EMPTY}`,
  },
};
const PROPOSED = { id: `1 ${UUID}`, metadata: '2 map string', customMetadata: '3 bytes', data: '4 bytes' };

define(root, 'event_store.client.streams', {
  ReadReq: { options: '1 ReadReq.Options' },
  'ReadReq.Options': {
    '?streamOption': { stream: '1 StreamOptions', all: '2 AllOptions' },
    readDirection: '3 int32',
    resolveLinks: '4 bool',
    '?countOption': { count: '5 uint64', subscription: '6 SubscriptionOptions' },
    '?filterOption': { filter: '7 FilterOptions', noFilter: `8 ${EMPTY}` },
    uuidOption: '9 UUIDOption',
    controlOption: '10 ControlOption',
  },
  'ReadReq.Options.StreamOptions': {
    streamIdentifier: `1 ${STREAM}`,
    '?revisionOption': { revision: '2 uint64', start: `3 ${EMPTY}`, end: `4 ${EMPTY}` },
  },
  'ReadReq.Options.AllOptions': {
    '?allOption': { position: '1 ReadReq.Options.Position', start: `2 ${EMPTY}`, end: `3 ${EMPTY}` },
  },
  'ReadReq.Options.SubscriptionOptions': {},
  'ReadReq.Options.Position': POSITION,
  'ReadReq.Options.FilterOptions': {
    '?filter': { streamIdentifier: '1 Expression', eventType: '2 Expression' },
    '?window': { max: '3 uint32', count: `4 ${EMPTY}` },
    checkpointIntervalMultiplier: '5 uint32',
  },
  'ReadReq.Options.FilterOptions.Expression': { regex: '1 string', prefix: '2 repeated string' },
  'ReadReq.Options.UUIDOption': { '?content': { structured: `1 ${EMPTY}`, string: `2 ${EMPTY}` } },
  'ReadReq.Options.ControlOption': { compatibility: '1 uint32' },

  AppendReq: { '?content': { options: '1 AppendReq.Options', proposedMessage: '2 AppendReq.ProposedMessage' } },
  'AppendReq.Options': EXPECTED,
  'AppendReq.ProposedMessage': PROPOSED,
  AppendResp: {
    '?result': { success: '1 AppendResp.Success', wrongExpectedVersion: '2 AppendResp.WrongExpectedVersion' },
  },
  'AppendResp.Position': POSITION,
  'AppendResp.Success': {
    '?currentRevisionOption': { currentRevision: '1 uint64', noStream: `2 ${EMPTY}` },
    '?positionOption': { position: '3 AppendResp.Position', noPosition: `4 ${EMPTY}` },
  },
  'AppendResp.WrongExpectedVersion': {
    '?currentRevisionOption_20_6_0': { currentRevision2060: '1 uint64', noStream2060: `2 ${EMPTY}` },
    '?expectedRevisionOption_20_6_0': {
      expectedRevision2060: '3 uint64',
      any2060: `4 ${EMPTY}`,
      streamExists2060: `5 ${EMPTY}`,
    },
    '?currentRevisionOption': { currentRevision: '6 uint64', currentNoStream: `7 ${EMPTY}` },
    '?expectedRevisionOption': {
      expectedRevision: '8 uint64',
      expectedAny: `9 ${EMPTY}`,
      expectedStreamExists: `10 ${EMPTY}`,
      expectedNoStream: `11 ${EMPTY}`,
    },
  },

  BatchAppendReq: {
    correlationId: `1 ${UUID}`,
    options: '2 BatchAppendReq.Options',
    proposedMessages: '3 repeated BatchAppendReq.ProposedMessage',
    isFinal: '4 bool',
  },
  'BatchAppendReq.Options': {
    streamIdentifier: `1 ${STREAM}`,
    '?expectedStreamPosition': {
      streamPosition: '2 uint64',
      noStream: `3 ${GOOGLE_EMPTY}`,
      any: `4 ${GOOGLE_EMPTY}`,
      streamExists: `5 ${GOOGLE_EMPTY}`,
    },
    '?deadlineOption': { deadline_21_10_0: '6 google.protobuf.Timestamp', deadline: '7 google.protobuf.Duration' },
  },
  'BatchAppendReq.ProposedMessage': PROPOSED,
  BatchAppendResp: {
    correlationId: `1 ${UUID}`,
    '?result': { error: '2 google.rpc.Status', success: '3 BatchAppendResp.Success' },
    streamIdentifier: `4 ${STREAM}`,
    '?expectedStreamPosition': {
      streamPosition: '5 uint64',
      noStream: `6 ${GOOGLE_EMPTY}`,
      any: `7 ${GOOGLE_EMPTY}`,
      streamExists: `8 ${GOOGLE_EMPTY}`,
    },
  },
  'BatchAppendResp.Success': {
    '?currentRevisionOption': { currentRevision: '1 uint64', noStream: `2 ${GOOGLE_EMPTY}` },
    '?positionOption': { position: '3 event_store.client.AllStreamPosition', noPosition: `4 ${GOOGLE_EMPTY}` },
  },

  DeleteReq: { options: '1 DeleteReq.Options' },
  'DeleteReq.Options': EXPECTED,
  DeleteResp: { '?positionOption': { position: '1 DeleteResp.Position', noPosition: `2 ${EMPTY}` } },
  'DeleteResp.Position': POSITION,
});

/** The expected revision of an append, a delete or a tombstone: the name of the case that is set, none when it is missing. */
export interface ExpectedMessage {
  readonly expectedStreamRevision?: 'revision' | 'noStream' | 'any' | 'streamExists';
  readonly revision: Wide;
  readonly streamIdentifier?: StreamIdentifier | null;
}

export interface ProposedMessage {
  readonly id?: UuidMessage | null;
  readonly metadata: Readonly<Record<string, string>>;
  readonly customMetadata: Buffer;
  readonly data: Buffer;
}

export interface AppendReq {
  readonly content?: 'options' | 'proposedMessage';
  readonly options?: ExpectedMessage | null;
  readonly proposedMessage?: ProposedMessage | null;
}

interface Seconds {
  readonly seconds: Wide;
  readonly nanos: number;
}

export interface BatchOptions {
  readonly streamIdentifier?: StreamIdentifier | null;
  readonly expectedStreamPosition?: 'streamPosition' | 'noStream' | 'any' | 'streamExists';
  readonly streamPosition: Wide;
  readonly deadlineOption?: 'deadline_21_10_0' | 'deadline';
  readonly deadline_21_10_0?: Seconds;
  readonly deadline?: Seconds;
}

export interface BatchAppendReq {
  readonly correlationId?: UuidMessage | null;
  readonly options?: BatchOptions | null;
  readonly proposedMessages: readonly ProposedMessage[];
  readonly isFinal: boolean;
}

export interface FilterOptions {
  readonly filter?: 'streamIdentifier' | 'eventType';
  readonly streamIdentifier?: Expression | null;
  readonly eventType?: Expression | null;
  readonly window?: 'max' | 'count';
  readonly max: number;
  readonly checkpointIntervalMultiplier: number;
}

export interface Expression {
  readonly regex: string;
  readonly prefix: readonly string[];
}

export interface ReadOptions {
  readonly streamOption?: 'stream' | 'all';
  readonly stream?: {
    readonly streamIdentifier?: StreamIdentifier | null;
    readonly revisionOption?: 'revision' | 'start' | 'end';
    readonly revision: Wide;
  };
  readonly all?: {
    readonly allOption?: 'position' | 'start' | 'end';
    readonly position?: { readonly commitPosition: Wide; readonly preparePosition: Wide };
  };
  readonly readDirection: number;
  readonly resolveLinks: boolean;
  readonly countOption?: 'count' | 'subscription';
  readonly count: Wide;
  readonly filterOption?: 'filter' | 'noFilter';
  readonly filter?: FilterOptions;
  readonly uuidOption?: { readonly content?: 'structured' | 'string' } | null;
  readonly controlOption?: { readonly compatibility: number } | null;
}

const codec = <T>(name: string): Codec<T> => codecOf<T>(root, `event_store.client.streams.${name}`);

export const readReq = codec<{ options?: ReadOptions | null }>('ReadReq');
export const appendReq = codec<AppendReq>('AppendReq');
export const appendResp = codec<object>('AppendResp');
export const batchAppendReq = codec<BatchAppendReq>('BatchAppendReq');
export const batchAppendResp = codec<object>('BatchAppendResp');
/** Delete and Tombstone have messages of the same shape. */
export const deleteReq = codec<{ options?: ExpectedMessage | null }>('DeleteReq');
export const deleteResp = codec<object>('DeleteResp');
