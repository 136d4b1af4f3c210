import { TOMBSTONE } from '../protocol/recorded.js';
import { MAX_LONG } from '../protocol/varint.js';
import type { Start } from './settings.js';
import { ALL } from './settings.js';

/**
 * A place in a group's source: a revision of its stream, or a position in the log. As text, in checkpoints and answers, it is
 * `7`, or `C:700/P:700`.
 */
export type Place = number;

const text = (source: string, value: bigint): string => (source === ALL ? `C:${value}/P:${value}` : String(value));

export const placeText = (source: string, place: Place): string =>
  text(source, place === TOMBSTONE ? MAX_LONG : BigInt(place));

export const startText = (source: string, start: Start): string => text(source, start === 'end' ? -1n : start);

/** The value of a place's text; undefined when it is none. */
export const parsePlace = (value: string): bigint | undefined => {
  const match = /^(?:C:(-?\d+)\/P:-?\d+|(-?\d+))$/.exec(value);
  return match ? BigInt((match[1] ?? match[2]) as string) : undefined;
};

export const parseStart = (value: string): Start | undefined => {
  const place = parsePlace(value);
  return place !== undefined && place < 0n ? 'end' : place;
};

/** A place as a number; what a number cannot hold lies beyond every event. */
export const toPlace = (value: bigint): Place =>
  value > BigInt(Number.MAX_SAFE_INTEGER) ? Number.MAX_SAFE_INTEGER : Number(value);
