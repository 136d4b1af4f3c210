import type { UuidMessage } from './shared.js';
import { unsigned, wide } from './shared.js';

export const NIL_UUID = '00000000-0000-0000-0000-000000000000';

const DASHED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const DASHED_ANY_CASE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const PLAIN = /^[0-9a-f]{32}$/i;

const dashed = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;

/**
 * A uuid in small letters, with dashes; undefined when the text is none. Takes what a real server takes: capitals, no dashes,
 * braces or brackets around it, white space around that.
 */
const parseUuid = (text: string): string | undefined => {
  if (DASHED.test(text)) return text;
  let core = text.trim();
  if (/^\{.*\}$|^\(.*\)$/.test(core)) core = core.slice(1, -1);
  if (DASHED_ANY_CASE.test(core)) return core.toLowerCase();
  return PLAIN.test(core) ? dashed(core.toLowerCase()) : undefined;
};

/** The uuid of a message: undefined when it is malformed, the nil uuid when the message says nothing. */
export const uuidOf = (message: UuidMessage | null | undefined): string | undefined => {
  if (message?.value === 'string') return parseUuid(message.string as string);
  const structured = message?.structured;
  if (!structured) return NIL_UUID;
  const hex =
    unsigned(structured.mostSignificantBits).toString(16).padStart(16, '0') +
    unsigned(structured.leastSignificantBits).toString(16).padStart(16, '0');
  return dashed(hex);
};

/** A uuid as two 64-bit numbers, for the codec. */
export const structuredUuid = (uuid: string): UuidMessage => {
  const hex = uuid.replaceAll('-', '');
  return {
    structured: {
      mostSignificantBits: wide(BigInt(`0x${hex.slice(0, 16)}`)),
      leastSignificantBits: wide(BigInt(`0x${hex.slice(16)}`)),
    },
  };
};
