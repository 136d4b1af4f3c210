import { root } from './root.js';
import { codecOf, define } from './schema.js';
import './shared.js';

define(root, 'event_store.client.projections', {
  NameReq: { options: '1 NameReq.Options' },
  // what a disable says as its second field, a reset says as well
  'NameReq.Options': { name: '1 string', writeCheckpoint: '2 bool' },
  StatisticsReq: { options: '1 StatisticsReq.Options' },
  'StatisticsReq.Options': {
    '?mode': {
      name: '1 string',
      all: '2 event_store.client.Empty',
      transient: '3 event_store.client.Empty',
      continuous: '4 event_store.client.Empty',
      oneTime: '5 event_store.client.Empty',
    },
  },
  StatisticsResp: { details: '1 StatisticsResp.Details' },
  'StatisticsResp.Details': {
    coreProcessingTime: '1 int64',
    version: '2 int64',
    epoch: '3 int64',
    effectiveName: '4 string',
    writesInProgress: '5 int32',
    readsInProgress: '6 int32',
    partitionsCached: '7 int32',
    status: '8 string',
    stateReason: '9 string',
    name: '10 string',
    mode: '11 string',
    position: '12 string',
    progress: '13 float',
    lastCheckpoint: '14 string',
    eventsProcessedAfterRestart: '15 int64',
    checkpointStatus: '16 string',
    bufferedEvents: '17 int64',
    writePendingEventsBeforeCheckpoint: '18 int32',
    writePendingEventsAfterCheckpoint: '19 int32',
  },
});

export interface ProjectionReq {
  readonly options?: { readonly name: string; readonly writeCheckpoint: boolean };
}
export interface StatisticsReq {
  readonly options?: {
    readonly mode?: 'name' | 'all' | 'transient' | 'continuous' | 'oneTime';
    readonly name: string;
  };
}

const IN = 'event_store.client.projections';
/** Every request about one projection begins with its name. */
export const projectionReq = codecOf<ProjectionReq>(root, `${IN}.NameReq`);
export const statisticsReq = codecOf<StatisticsReq>(root, `${IN}.StatisticsReq`);
export const statisticsResp = codecOf<object>(root, `${IN}.StatisticsResp`);
