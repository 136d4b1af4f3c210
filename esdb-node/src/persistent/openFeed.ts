import type { EventLog } from '../log/eventLog.js';
import type { FilterOptions } from '../protocol/streams.js';
import type { Filter } from '../streams/filter.js';
import { compileFilter } from '../streams/filter.js';
import { Feed } from './feed.js';
import type { LogPages } from './logPages.js';
import { toPlace } from './places.js';
import type { Progress } from './progress.js';
import type { FilterDefinition, GroupDefinition, Start } from './settings.js';
import { ALL } from './settings.js';
import type { Source } from './source.js';
import { AllSource, StreamSource, endOfStream } from './source.js';

const EMPTY_EXPRESSION = { regex: '', prefix: [] };

/** The filter of a group, ready for use. Throws GrpcError. */
export const compileDefinition = ({ on, expression }: FilterDefinition): Filter => {
  const options: FilterOptions = {
    filter: on,
    streamIdentifier: EMPTY_EXPRESSION,
    eventType: EMPTY_EXPRESSION,
    [on]: expression,
    window: 'count',
    max: 0,
    checkpointIntervalMultiplier: 1,
  };
  return compileFilter(options);
};

/** What feeds are made of. */
export interface FeedServices {
  readonly log: EventLog;
  /** Shared by all groups that read the whole log. */
  readonly pages: LogPages;
}

/** Begins to read for a group: behind its checkpoint, or without one where it is to start. */
export const openFeed = (
  services: FeedServices,
  definition: GroupDefinition,
  progress: Progress,
  fed: () => void,
): Feed => {
  const { log } = services;
  const { settings } = definition;
  const checkpoint = progress.stream.load();
  if (checkpoint !== undefined) progress.checkpoint = toPlace(checkpoint);
  const from = progress.checkpoint === undefined ? settings.start : BigInt(progress.checkpoint) + 1n;
  const source =
    definition.source === ALL ? openAll(services, definition, from, checkpoint) : openStream(log, definition, from);
  return new Feed(source, settings, progress, (stream, wake) => log.onAppend(stream, wake), fed);
};

const openStream = (log: EventLog, { source }: GroupDefinition, from: Start): Source =>
  new StreamSource(log, source, from === 'end' ? endOfStream(log, source) : toPlace(from));

const openAll = (
  { log: { reader }, pages }: FeedServices,
  { filter }: GroupDefinition,
  from: Start,
  checkpoint: bigint | undefined,
): Source => {
  const next = from === 'end' ? reader.end() : toPlace(from);
  // behind a checkpoint one is always within the event that it names
  const unreadable = checkpoint === undefined && reader.isInside(next);
  return new AllSource(pages, next, filter && compileDefinition(filter), unreadable);
};
