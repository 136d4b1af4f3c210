import { root } from './root.js';
import { codecOf, define } from './schema.js';
import type { Wide } from './shared.js';
import './shared.js';

define(root, 'event_store.client.operations', {
  StartScavengeReq: { options: '1 StartScavengeReq.Options' },
  'StartScavengeReq.Options': { threadCount: '1 int32', startFromChunk: '2 int32' },
  StopScavengeReq: { options: '1 StopScavengeReq.Options' },
  'StopScavengeReq.Options': { scavengeId: '1 string' },
  ScavengeResp: { scavengeId: '1 string', scavengeResult: '2 int32' },
  SetNodePriorityReq: { priority: '1 int32' },
});

define(root, 'event_store.client.monitoring', {
  StatsReq: { useMetadata: '1 bool', refreshTimePeriodInMs: '4 uint64' },
  StatsResp: { stats: '1 map string' },
});

export interface StartScavengeReq {
  readonly options?: { readonly threadCount: number; readonly startFromChunk: number };
}
export interface StopScavengeReq {
  readonly options?: { readonly scavengeId: string };
}
export interface StatsReq {
  readonly useMetadata: boolean;
  readonly refreshTimePeriodInMs: Wide;
}

const IN = 'event_store.client';
export const startScavengeReq = codecOf<StartScavengeReq>(root, `${IN}.operations.StartScavengeReq`);
export const stopScavengeReq = codecOf<StopScavengeReq>(root, `${IN}.operations.StopScavengeReq`);
export const scavengeResp = codecOf<object>(root, `${IN}.operations.ScavengeResp`);
export const setNodePriorityReq = codecOf<{ readonly priority: number }>(root, `${IN}.operations.SetNodePriorityReq`);
export const statsReq = codecOf<StatsReq>(root, `${IN}.monitoring.StatsReq`);
export const statsResp = codecOf<object>(root, `${IN}.monitoring.StatsResp`);

/** How a request about a scavenge ended. */
export const ScavengeResult = { STARTED: 0, IN_PROGRESS: 1, STOPPED: 2 } as const;
