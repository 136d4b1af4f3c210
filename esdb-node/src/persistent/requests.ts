import type { SourceMessage, WriteOptions } from '../protocol/persistent.js';
import { unsigned } from '../protocol/shared.js';
import type { StreamIdentifier } from '../protocol/shared.js';
import { handlerFault, invalidArgument } from '../streams/errors.js';
import { requireStreamName, streamNameOf } from '../streams/request.js';
import { groupFailed } from './errors.js';
import { compileDefinition } from './openFeed.js';
import type { FilterDefinition, GroupDefinition, Start } from './settings.js';
import { ALL, settingsOf } from './settings.js';

const MAX_SIGNED = 0x7fffffffffffffffn;
const MAX_UNSIGNED = 0xffffffffffffffffn;

const missing = (request: 'CreateReq' | 'UpdateReq', what: string): Error =>
  invalidArgument(`'None' is not a valid EventStore.Client.PersistentSubscriptions.${request}+Types+${what}`);

const numberOf = (value: bigint): Start => {
  if (value === MAX_UNSIGNED) return 'end';
  if (value > MAX_SIGNED) throw handlerFault();
  return value;
};

const streamStart = (request: 'CreateReq' | 'UpdateReq', { stream, settings }: WriteOptions): Start => {
  // the older way, which clients still go: the stream and its revision are not named together
  if (!stream) return numberOf(unsigned(settings?.revision ?? 0));
  switch (stream.revisionOption) {
    case 'revision':
      return numberOf(unsigned(stream.revision));
    case 'start':
      return 0n;
    case 'end':
      return 'end';
    default:
      throw missing(request, 'StreamOptions+RevisionOptionOneofCase');
  }
};

const allStart = (request: 'CreateReq' | 'UpdateReq', { all }: WriteOptions): Start => {
  switch (all?.allOption) {
    case 'position': {
      const commit = unsigned(all.position?.commitPosition ?? 0);
      if (unsigned(all.position?.preparePosition ?? 0) > commit) throw handlerFault();
      return numberOf(commit);
    }
    case 'start':
      return 0n;
    case 'end':
      return 'end';
    default:
      throw missing(request, 'AllOptions+AllOptionOneofCase');
  }
};

const filterOf = ({ all }: WriteOptions): FilterDefinition | undefined => {
  if (all?.filterOption !== 'filter' || !all.filter) return undefined;
  const on = all.filter.filter;
  if (on === undefined) throw missing('CreateReq', 'AllOptions+Types+FilterOptions+FilterOneofCase');
  const { regex, prefix } = all.filter[on] ?? { regex: '', prefix: [] };
  const definition = { on, expression: { regex, prefix } };
  // one that cannot be used is refused now
  compileDefinition(definition);
  return definition;
};

/** The whole log, or the stream that a request names. Throws GrpcError. */
export const sourceOf = ({ streamOption, streamIdentifier }: SourceMessage): string => {
  if (streamOption === undefined) throw handlerFault();
  return streamOption === 'all' ? ALL : requireStreamName(streamIdentifier);
};

/** A group that is to be created or changed, and what a real server never answers: a stream without a name. */
export type Wanted = GroupDefinition | 'nameless';

const nameOf = (identifier: StreamIdentifier | null | undefined): string => {
  const name = streamNameOf(identifier);
  if (name === undefined) throw handlerFault();
  return name;
};

/**
 * Checks a request to create or change a group. Throws GrpcError.
 * @param end where the next event of the log goes
 */
export const wantedOf = (
  request: 'CreateReq' | 'UpdateReq',
  options: WriteOptions | null | undefined,
  end: number,
): Wanted => {
  if (!options?.settings) throw handlerFault();
  const ofAll = options.streamOption === 'all';
  const source = ofAll ? ALL : nameOf((options.stream ?? options).streamIdentifier);
  const name = options.groupName;
  const start = ofAll ? allStart(request, options) : streamStart(request, options);
  const filter = ofAll ? filterOf(options) : undefined;
  if (source === '') return 'nameless';
  const settings = settingsOf(options.settings, start);
  if ('refusal' in settings) throw groupFailed(source, name, settings.refusal);
  if (ofAll && start !== 'end' && start > BigInt(end)) {
    throw groupFailed(
      source,
      name,
      'Invalid Start From position: commit position must be less than or equal to the last commit position in the transaction file.',
    );
  }
  return { source, name, filter, settings };
};
