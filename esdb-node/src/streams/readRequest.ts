import type { FilterOptions, ReadOptions } from '../protocol/streams.js';
import { unsigned } from '../protocol/shared.js';
import type { Direction } from '../storage/storage.js';
import { handlerFault, invalidArgument } from './errors.js';
import type { Filter } from './filter.js';
import { compileFilter } from './filter.js';
import { requireStreamName } from './request.js';

/** Where to begin: at an end of the stream or the log, or at a number (a revision, or a position). */
export type From = 'start' | 'end' | number;

/** What every kind of read has in common. */
interface Common {
  readonly from: From;
  readonly resolveLinks: boolean;
  readonly structuredIds: boolean;
  /** The request does not say in which form it wants ids. */
  readonly withoutIds: boolean;
}

export interface Window {
  /** How many events are looked at before a checkpoint is due, at least; times the interval. */
  readonly max: number;
  readonly interval: number;
}

/** A read request, understood. */
export type ReadRequest =
  | (Common & {
      readonly kind: 'stream';
      readonly stream: string;
      readonly direction: Direction;
      readonly count: number;
      /** Whether the caller understands answers that tell the first and last revision. */
      readonly positions: boolean;
    })
  | (Common & {
      readonly kind: 'all';
      readonly direction: Direction;
      readonly count: number;
      readonly filter: Filter | undefined;
      readonly window: Window | undefined;
    })
  | (Common & { readonly kind: 'streamSubscription'; readonly stream: string })
  | (Common & {
      readonly kind: 'allSubscription';
      readonly filter: Filter | undefined;
      readonly window: Window | undefined;
    });

const NAMES = {
  stream: 'Stream',
  all: 'All',
  count: 'Count',
  subscription: 'Subscription',
  filter: 'Filter',
  noFilter: 'NoFilter',
};
const DIRECTIONS = ['Forwards', 'Backwards'];
const MAX_SIGNED = 0x7fffffffffffffffn;
const MAX_UNSIGNED = 0xffffffffffffffffn;

/** Checks a request as a real server does. Throws GrpcError. */
export const understand = (options: ReadOptions | null | undefined): ReadRequest => {
  if (!options) throw handlerFault();
  const { streamOption, countOption, filterOption, readDirection } = options;
  if (streamOption === undefined) {
    throw invalidArgument(
      "'None' is not a valid EventStore.Client.Streams.ReadReq+Types+Options+StreamOptionOneofCase",
    );
  }
  const common = {
    from: streamOption === 'stream' ? streamFrom(options) : allFrom(options),
    resolveLinks: options.resolveLinks,
    structuredIds: options.uuidOption?.content !== 'string',
    withoutIds: !options.uuidOption,
  };
  const stream = streamOption === 'stream' ? requireStreamName(options.stream?.streamIdentifier) : '';
  const filtered = filterOption === 'filter' && streamOption === 'all';
  const possible =
    countOption !== undefined &&
    (filtered || filterOption === 'noFilter') &&
    (readDirection === 0 || (readDirection === 1 && countOption === 'count'));
  if (!possible) throw impossible(options);
  const filter = filtered ? compileFilter(options.filter as FilterOptions) : undefined;
  const window = filtered ? windowOf(options.filter as FilterOptions) : undefined;
  if (countOption === 'subscription') {
    if (streamOption === 'stream' && unsigned(options.stream?.revision ?? 0) === MAX_SIGNED) throw handlerFault();
    if (filter && options.filter?.checkpointIntervalMultiplier === 0) throw handlerFault();
    return stream !== ''
      ? { ...common, kind: 'streamSubscription', stream }
      : { ...common, kind: 'allSubscription', filter, window };
  }
  const direction = readDirection === 0 ? 'forwards' : 'backwards';
  const count = Number(unsigned(options.count));
  if (stream === '') return { ...common, kind: 'all', direction, count, filter, window };
  const positions = (options.controlOption?.compatibility ?? 0) > 0;
  return { ...common, kind: 'stream', stream, direction, count, positions };
};

const impossible = (options: ReadOptions): Error => {
  const { streamOption, countOption, filterOption, readDirection } = options;
  const parts = [
    streamOption ? NAMES[streamOption] : 'None',
    countOption ? NAMES[countOption] : 'None',
    DIRECTIONS[readDirection] ?? String(readDirection),
    filterOption ? NAMES[filterOption] : 'None',
  ];
  return invalidArgument(`The combination of (${parts.join(', ')}) is invalid.`);
};

const numberFrom = (value: bigint): From => {
  if (value === MAX_UNSIGNED) return 'end';
  if (value > MAX_SIGNED) throw handlerFault();
  return value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
};

const streamFrom = ({ stream }: ReadOptions): From => {
  if (stream?.revisionOption === undefined) throw handlerFault();
  return stream.revisionOption === 'revision' ? numberFrom(unsigned(stream.revision)) : stream.revisionOption;
};

const allFrom = (options: ReadOptions): From => {
  const { all } = options;
  if (all?.allOption === undefined) throw handlerFault();
  if (all.allOption !== 'position' || !all.position) return all.allOption as 'start' | 'end';
  const backwards = options.readDirection === 1;
  const commit = unsigned(all.position.commitPosition);
  const prepare = unsigned(all.position.preparePosition);
  if (prepare > commit) throw handlerFault();
  return numberFrom(backwards ? prepare : commit);
};

const windowOf = (options: FilterOptions): Window => ({
  max: options.window === 'max' ? options.max : DEFAULT_WINDOW,
  interval: options.checkpointIntervalMultiplier,
});

/** The window where a request asks for none of its own. */
const DEFAULT_WINDOW = 32;
