import type { RecordedEvent } from '../protocol/recorded.js';
import { JSON_TYPE } from '../protocol/recorded.js';
import type { Json } from './json.js';
import { parseJson, printJson } from './json.js';

/** A soft delete sets `$tb` to 2^63 − 1: nothing of the stream is to be seen until the next append. */
export const DELETED_TRUNCATE_BEFORE = Number.MAX_SAFE_INTEGER;
const DELETED_TEXT = '9223372036854775807';

/** Who may do what, as `$acl` says it: a role or several for each operation. */
export interface Acl {
  readonly $r?: readonly string[];
  readonly $w?: readonly string[];
  readonly $d?: readonly string[];
  readonly $mr?: readonly string[];
  readonly $mw?: readonly string[];
}

/** The fields of a stream's metadata that the server heeds. */
export interface StreamMetadata {
  readonly maxCount?: number;
  /** Seconds. */
  readonly maxAge?: number;
  /** Events below this revision are hidden; DELETED_TRUNCATE_BEFORE on a soft-deleted stream. */
  readonly truncateBefore?: number;
  /** Seconds. */
  readonly cacheControl?: number;
  readonly acl?: Acl;
}

export const NO_METADATA: StreamMetadata = {};

export const isMetastream = (stream: string): boolean => stream.startsWith('$$');
export const metastreamOf = (stream: string): string => `$$${stream}`;
export const originalOf = (metastream: string): string => metastream.slice(2);

export const isSoftDeleted = (metadata: StreamMetadata): boolean => metadata.truncateBefore === DELETED_TRUNCATE_BEFORE;

/** What a soft delete stores as the stream's metadata. */
export const SOFT_DELETE_JSON = `{"$tb":${DELETED_TEXT}}`;

/** The fields of a JSON object. Throws on anything else. */
export const fieldsOf = (data: Uint8Array): ReadonlyMap<string, Json> => {
  const json = parseJson(Buffer.from(data.buffer, data.byteOffset, data.length).toString('utf8'));
  if (json.kind !== 'object') throw new SyntaxError('metadata is no object');
  return json.fields;
};

const MAX_LONG = 0x7fffffffffffffffn;
const MAX_INT = 0x7fffffffn;

const integer = (fields: ReadonlyMap<string, Json>, name: string, least: bigint, most: bigint): number | undefined => {
  const value = fields.get(name);
  if (value === undefined) return undefined;
  if (value.kind !== 'integer' || value.value < least || value.value > most) throw new RangeError(name);
  return value.value > BigInt(DELETED_TRUNCATE_BEFORE) ? DELETED_TRUNCATE_BEFORE : Number(value.value);
};

const roles = (value: Json): readonly string[] => {
  if (value.kind === 'text') return [value.value];
  if (value.kind !== 'array') throw new TypeError('roles are a text or a list');
  return value.items.map((item) => {
    if (item.kind !== 'text') throw new TypeError('a role is a text');
    return item.value;
  });
};

const ACL_KEYS = new Set(['$r', '$w', '$d', '$mr', '$mw']);

/** Names of ACLs that a client may give instead of one: everybody may do everything but delete by users of the group; admins only. */
const NAMED_ACLS: Readonly<Record<string, Acl>> = {
  $userStreamAcl: { $r: ['$all'], $w: ['$all'], $d: ['$all'], $mr: ['$all'], $mw: ['$all'] },
  $systemStreamAcl: { $r: ['$admins'], $w: ['$admins'], $d: ['$admins'], $mr: ['$admins'], $mw: ['$admins'] },
};

/** Throws when the value is no access control list; undefined without a value. */
export const aclOf = (value: Json | undefined): Acl | undefined => {
  if (value === undefined) return undefined;
  if (value.kind === 'text' && NAMED_ACLS[value.value]) return NAMED_ACLS[value.value];
  if (value.kind !== 'object') throw new TypeError('$acl');
  const entries = [...value.fields].map(([key, role]) => {
    if (!ACL_KEYS.has(key)) throw new RangeError(`$acl ${key}`);
    return [key, roles(role)] as const;
  });
  return Object.fromEntries(entries);
};

/**
 * The metadata that an event of a metadata stream says. One field that makes no sense voids them all, as a real server has it.
 */
export const parseMetadata = (event: RecordedEvent): StreamMetadata => {
  // what is not said to be JSON is not heeded
  if (event.contentType !== JSON_TYPE) return NO_METADATA;
  try {
    const fields = fieldsOf(event.data);
    const found = {
      maxCount: integer(fields, '$maxCount', 1n, MAX_LONG),
      maxAge: integer(fields, '$maxAge', 1n, MAX_LONG),
      truncateBefore: integer(fields, '$tb', 0n, MAX_LONG),
      cacheControl: integer(fields, '$cacheControl', 0n, MAX_INT),
      acl: aclOf(fields.get('$acl')),
    };
    return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  } catch {
    return NO_METADATA;
  }
};

/** The first revision that `$tb` and `$maxCount` let be seen. */
export const firstVisible = ({ truncateBefore = 0, maxCount }: StreamMetadata, lastRevision: number): number =>
  Math.max(truncateBefore, maxCount === undefined ? 0 : lastRevision + 1 - maxCount);

/** The metadata of a stream that comes back from a soft delete: as it was, with `$tb` at the first revision that is to be seen. */
export const withTruncateBefore = (data: Uint8Array, revision: number): string => {
  const value: Json = { kind: 'integer', value: BigInt(revision) };
  try {
    return printJson({ kind: 'object', fields: new Map(fieldsOf(data)).set('$tb', value) });
  } catch {
    return printJson({ kind: 'object', fields: new Map([['$tb', value]]) });
  }
};
