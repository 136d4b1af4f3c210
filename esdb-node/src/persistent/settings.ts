import type { SettingsMessage } from '../protocol/persistent.js';
import { signed } from '../protocol/shared.js';
import type { Expression } from '../protocol/streams.js';
import { STRATEGIES } from './strategies.js';
import type { StrategyName } from './strategies.js';

/** The source of a group that stands for the whole log. */
export const ALL = '$all';

/** Where a group begins that has no checkpoint: behind everything, or at a revision or position (inclusive). */
export type Start = 'end' | bigint;

/** A filter as it was asked for. */
export interface FilterDefinition {
  readonly on: 'streamIdentifier' | 'eventType';
  readonly expression: Expression;
}

/** How a group works. Times in milliseconds, sizes in messages. */
export interface Settings {
  readonly resolveLinks: boolean;
  readonly extraStatistics: boolean;
  readonly messageTimeout: number;
  readonly start: Start;
  readonly liveBufferSize: number;
  readonly historyBufferSize: number;
  readonly maxRetryCount: number;
  readonly readBatchSize: number;
  readonly checkPointAfter: number;
  readonly minCheckPointCount: number;
  readonly maxCheckPointCount: number;
  /** 0: as many as there are. */
  readonly maxSubscriberCount: number;
  readonly strategy: StrategyName;
}

/** A group: what it reads, what it is called, how it works. */
export interface GroupDefinition {
  /** A stream, or ALL. */
  readonly source: string;
  readonly name: string;
  readonly filter: FilterDefinition | undefined;
  readonly settings: Settings;
}

/** A subscription id names one group, however source and name are divided by colons. */
export const idOf = ({ source, name }: Pick<GroupDefinition, 'source' | 'name'>): string => `${source}::${name}`;

const TICKS_PER_MS = 10_000n;
const MAX_INT = 0x7fffffff;

const milliseconds = (
  which: 'ticks' | 'ms' | undefined,
  ticks: SettingsMessage['messageTimeoutTicks'],
  ms: number,
): number => {
  if (which === undefined) return 0;
  return which === 'ms' ? ms : Number(signed(ticks) / TICKS_PER_MS);
};

/** The strategies by the number that older requests name them with. */
const NUMBERED: readonly StrategyName[] = ['DispatchToSingle', 'RoundRobin', 'Pinned'];

const isStrategy = (name: string): name is StrategyName => Object.hasOwn(STRATEGIES, name);

/** The settings of a request, or in a real server's words why they cannot be. */
export const settingsOf = (message: SettingsMessage, start: Start): Settings | { readonly refusal: string } => {
  const { consumerStrategy, namedConsumerStrategy, readBatchSize, historyBufferSize } = message;
  const strategy = consumerStrategy || (NUMBERED[namedConsumerStrategy] ?? String(namedConsumerStrategy));
  if (!isStrategy(strategy)) return { refusal: `Consumer strategy ${strategy} does not exist.` };
  if (readBatchSize >= historyBufferSize) {
    return {
      refusal:
        "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')",
    };
  }
  const { messageTimeout, checkpointAfter } = message;
  const after = milliseconds(
    checkpointAfter && (checkpointAfter === 'checkpointAfterMs' ? 'ms' : 'ticks'),
    message.checkpointAfterTicks,
    message.checkpointAfterMs,
  );
  return {
    resolveLinks: message.resolveLinks,
    extraStatistics: message.extraStatistics,
    messageTimeout: milliseconds(
      messageTimeout && (messageTimeout === 'messageTimeoutMs' ? 'ms' : 'ticks'),
      message.messageTimeoutTicks,
      message.messageTimeoutMs,
    ),
    start,
    liveBufferSize: message.liveBufferSize,
    historyBufferSize,
    maxRetryCount: message.maxRetryCount,
    readBatchSize,
    // 0 means never
    checkPointAfter: after === 0 ? MAX_INT : after,
    minCheckPointCount: message.minCheckpointCount,
    maxCheckPointCount: message.maxCheckpointCount,
    maxSubscriberCount: message.maxSubscriberCount,
    strategy,
  };
};
