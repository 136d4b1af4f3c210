import { RE2JS } from 're2js';
import { namesOf } from '../protocol/recorded.js';
import type { Expression, FilterOptions } from '../protocol/streams.js';
import { handlerFault, invalidArgument } from './errors.js';

/** Says of a stored event (its encoded RecordedEvent) whether it is let through. */
export type Filter = (bytes: Buffer) => boolean;

/**
 * A filter as a real server understands it: on the stream's name or the event's type, by a regular expression or, without one,
 * by prefixes; an expression without either lets nothing through. Throws GrpcError. Regular expressions run in linear time,
 * so that a caller cannot stop the node with one; what they cannot express (look-ahead, look-behind) falls back to the
 * platform's own.
 */
export const compileFilter = (options: FilterOptions): Filter => {
  if (options.window === undefined) {
    throw invalidArgument(
      "'None' is not a valid EventStore.Client.Streams.ReadReq+Types+Options+Types+FilterOptions+WindowOneofCase",
    );
  }
  const { filter } = options;
  if (filter === undefined) {
    throw invalidArgument(
      `'${printed(options)}' is not a valid EventStore.Client.Streams.ReadReq+Types+Options+Types+FilterOptions`,
    );
  }
  const test = compileExpression(options[filter] as Expression);
  return filter === 'eventType' ? (bytes) => test(namesOf(bytes).type) : (bytes) => test(namesOf(bytes).stream);
};

/** The options as the real server prints them in its answer. */
const printed = (options: FilterOptions): string => {
  const window = options.window === 'max' ? `"max": ${options.max}` : '"count": { }';
  return `{ ${window}, "checkpointIntervalMultiplier": ${options.checkpointIntervalMultiplier} }`;
};

const compileExpression = ({ regex, prefix }: Expression): ((text: string) => boolean) => {
  if (regex !== '') return compileRegex(regex);
  return (text) => prefix.some((start) => text.startsWith(start));
};

/** Groups named as Python names them: RE2 knows them, the real server does not. */
const FOREIGN = /\(\?P[<=>]/;

const compileRegex = (source: string): ((text: string) => boolean) => {
  if (FOREIGN.test(source)) throw handlerFault();
  try {
    const compiled = RE2JS.compile(source);
    return (text) => compiled.matcher(text).find();
  } catch {
    return compileBacktracking(source);
  }
};

const LEADING_FLAGS = /^\(\?([ims]+)\)/;

const compileBacktracking = (source: string): ((text: string) => boolean) => {
  const flags = LEADING_FLAGS.exec(source);
  try {
    const compiled = new RegExp(flags ? source.slice(flags[0].length) : source, `u${flags?.[1] ?? ''}`);
    return (text) => compiled.test(text);
  } catch {
    throw handlerFault();
  }
};
