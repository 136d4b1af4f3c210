import { randomUUID } from 'node:crypto';
import type { EventLog } from '../log/eventLog.js';
import { ANY } from '../log/expected.js';
import type { Json } from '../log/json.js';
import { printJson } from '../log/json.js';
import { JSON_TYPE, decodeRecorded } from '../protocol/recorded.js';
import { parseStart, startText } from './places.js';
import type { FilterDefinition, GroupDefinition } from './settings.js';
import { ALL } from './settings.js';
import { STRATEGIES } from './strategies.js';
import type { StrategyName } from './strategies.js';
import { writeMetadata } from './systemStreams.js';

/** Its last event says which groups there are. */
const CONFIG = '$persistentSubscriptionConfig';
const TYPE = '$PersistentConfig';
const VERSION = '2';
const NO_BYTES = Buffer.alloc(0);
const LEAST_LONG = -(2n ** 63n);

/** A filter as the config holds it. */
interface StoredFilter {
  readonly context: 'eventtype' | 'streamid';
  readonly type: 'prefix' | 'regex';
  /** Prefixes divided by commas, or the regular expression. */
  readonly data: string;
  readonly isAllStream: true;
}

/** A group as the config holds it; what is false or 0 is left out. */
interface StoredGroup {
  readonly stream: string;
  readonly group: string;
  readonly filter?: StoredFilter;
  readonly resolveLinkTos?: boolean;
  readonly extraStatistics?: boolean;
  readonly messageTimeout?: number;
  readonly startPosition?: string;
  readonly liveBufferSize?: number;
  readonly historyBufferSize?: number;
  readonly maxRetryCount?: number;
  readonly readBatchSize?: number;
  readonly checkPointAfter?: number;
  readonly minCheckPointCount?: number;
  readonly maxCheckPointCount?: number;
  readonly maxSubscriberCount?: number;
  readonly namedConsumerStrategy?: string;
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|,]/g, '\\$&');

const storedFilter = ({ on, expression }: FilterDefinition): StoredFilter => {
  const { regex, prefix } = expression;
  // prefixes are divided by commas: one that holds a comma is kept as the regular expression that says the same
  const asRegex = regex !== '' ? regex : prefix.some((start) => start.includes(',')) && prefixRegex(prefix);
  const context = on === 'eventType' ? 'eventtype' : 'streamid';
  if (asRegex) return { context, type: 'regex', data: asRegex, isAllStream: true };
  return { context, type: 'prefix', data: prefix.join(','), isAllStream: true };
};

const prefixRegex = (prefix: readonly string[]): string => `^(?:${prefix.map(escaped).join('|')})`;

const filterOf = ({ context, type, data }: StoredFilter): FilterDefinition => ({
  on: context === 'eventtype' ? 'eventType' : 'streamIdentifier',
  expression:
    type === 'regex' ? { regex: data, prefix: [] } : { regex: '', prefix: data === '' ? [] : data.split(',') },
});

type Value = string | number | boolean | bigint | undefined | Json;

const jsonOf = (value: Exclude<Value, undefined>): Json => {
  if (typeof value === 'string') return { kind: 'text', value };
  if (typeof value === 'bigint') return { kind: 'integer', value };
  if (typeof value === 'number') return { kind: 'number', value };
  if (typeof value === 'boolean') return { kind: 'word', value: value ? 'true' : 'false' };
  return value;
};

const objectOf = (fields: Readonly<Record<string, Value>>): Json => ({
  kind: 'object',
  fields: new Map(
    Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, jsonOf(value)]])),
  ),
});

const entryOf = ({ source, name, filter, settings }: GroupDefinition): Json => {
  const { start } = settings;
  const oldStart = source === ALL ? LEAST_LONG : start === 'end' ? -1n : start;
  return objectOf({
    stream: source,
    group: name,
    filter: filter && objectOf({ ...storedFilter(filter) }),
    resolveLinkTos: settings.resolveLinks || undefined,
    extraStatistics: settings.extraStatistics || undefined,
    messageTimeout: settings.messageTimeout || undefined,
    startFrom: oldStart || undefined,
    startPosition: startText(source, start),
    liveBufferSize: settings.liveBufferSize || undefined,
    historyBufferSize: settings.historyBufferSize || undefined,
    maxRetryCount: settings.maxRetryCount || undefined,
    readBatchSize: settings.readBatchSize || undefined,
    checkPointAfter: settings.checkPointAfter || undefined,
    minCheckPointCount: settings.minCheckPointCount || undefined,
    maxCheckPointCount: settings.maxCheckPointCount || undefined,
    maxSubscriberCount: settings.maxSubscriberCount || undefined,
    namedConsumerStrategy: settings.strategy,
  });
};

const definitionOf = (entry: StoredGroup): GroupDefinition => {
  const start = parseStart(entry.startPosition ?? '');
  const strategy = entry.namedConsumerStrategy ?? '';
  if (start === undefined || !Object.hasOwn(STRATEGIES, strategy)) {
    throw new Error(
      `the config of the persistent subscriptions cannot be read: group ${entry.group} of ${entry.stream}`,
    );
  }
  return {
    source: entry.stream,
    name: entry.group,
    filter: entry.filter && filterOf(entry.filter),
    settings: {
      resolveLinks: entry.resolveLinkTos ?? false,
      extraStatistics: entry.extraStatistics ?? false,
      messageTimeout: entry.messageTimeout ?? 0,
      start,
      liveBufferSize: entry.liveBufferSize ?? 0,
      historyBufferSize: entry.historyBufferSize ?? 0,
      maxRetryCount: entry.maxRetryCount ?? 0,
      readBatchSize: entry.readBatchSize ?? 0,
      checkPointAfter: entry.checkPointAfter ?? 0,
      minCheckPointCount: entry.minCheckPointCount ?? 0,
      maxCheckPointCount: entry.maxCheckPointCount ?? 0,
      maxSubscriberCount: entry.maxSubscriberCount ?? 0,
      strategy: strategy as StrategyName,
    },
  };
};

/** Which groups there are, where a real server keeps it. */
export class Config {
  private saving: Promise<void> | undefined;
  private waiting: Promise<void> | undefined;

  constructor(
    private readonly log: EventLog,
    private readonly groups: () => readonly GroupDefinition[],
  ) {}

  /** Throws when the config cannot be read. */
  load(): GroupDefinition[] {
    const view = this.log.reader.view(CONFIG);
    if (view.kind !== 'there') return [];
    const [last] = this.log.reader.page(view, view.lastRevision, 1, 'backwards');
    if (!last) return [];
    const text = Buffer.from(decodeRecorded(last.bytes).data).toString('utf8');
    const { entries } = JSON.parse(text) as { readonly entries: readonly StoredGroup[] };
    return entries.map(definitionOf);
  }

  /**
   * Resolves when the groups as they are now are safe. Whoever comes while the disk is busy shares the next event: the config is
   * written whole each time.
   */
  save(updatedBy: string): Promise<void> {
    if (this.waiting) return this.waiting;
    const before = this.saving ?? Promise.resolve();
    const mine: Promise<void> = before
      .catch(() => undefined)
      .then(() => {
        this.waiting = undefined;
        this.saving = mine;
        return this.write(updatedBy);
      });
    this.waiting = mine;
    return mine;
  }

  /** The same at once: together with whatever else is written in this turn. */
  async write(updatedBy: string): Promise<void> {
    const isNew = this.log.reader.head(CONFIG).lastRevision < 0;
    const metadata = isNew ? writeMetadata(this.log, CONFIG, { $maxCount: 2 }) : undefined;
    const data = objectOf({
      version: VERSION,
      updated: new Date().toISOString(),
      updatedBy,
      entries: { kind: 'array', items: this.groups().map(entryOf) },
    });
    const config = this.log.append(CONFIG, ANY, [
      {
        id: randomUUID(),
        type: TYPE,
        contentType: JSON_TYPE,
        data: Buffer.from(printJson(data)),
        customMetadata: NO_BYTES,
      },
    ]);
    const [outcome] = await Promise.all([config, metadata]);
    if (outcome.kind !== 'written') throw new Error(`the config of the persistent subscriptions is ${outcome.kind}`);
  }
}
