/** A value as a row holds it: times as milliseconds, `numeric` as bigint, JSON as the text that came, bytes in base 64. */
export type Value = string | number | bigint | boolean | null | readonly Value[];

/** The types that Comanda's statements need; `unknown` is a parameter or literal whose type nobody has said yet. */
export type SqlType = 'text' | 'number' | 'numeric' | 'time' | 'interval' | 'boolean' | 'json' | 'bytes' | 'unknown';

const TYPES: Readonly<Record<string, SqlType>> = {
  text: 'text',
  uuid: 'text',
  bigint: 'number',
  integer: 'number',
  int: 'number',
  smallint: 'number',
  float8: 'number',
  'double precision': 'number',
  numeric: 'numeric',
  timestamptz: 'time',
  'timestamp with time zone': 'time',
  interval: 'interval',
  boolean: 'boolean',
  json: 'json',
  jsonb: 'json',
  bytea: 'bytes',
};

/** @throws Error that names a type that the simulated database does not know */
export function typeNamed(name: string): SqlType {
  const type = TYPES[name.toLowerCase()];
  if (!type) throw new Error(`the simulated database does not know the type ${name}`);
  return type;
}

const UNITS: Readonly<Record<string, number>> = { millisecond: 1, second: 1_000, minute: 60_000, hour: 3_600_000 };

/** A value from outside, or of no type yet, as one of a type. */
export function coerce(given: unknown, type: SqlType): Value {
  if (given === null || given === undefined) return null;
  if (Array.isArray(given)) return given.map((member) => coerce(member, type));
  switch (type) {
    case 'time':
      return typeof given === 'number' ? given : timeOf(given);
    case 'interval':
      return typeof given === 'number' ? given : intervalOf(given as string);
    case 'numeric':
      return BigInt(given as string | number | bigint);
    case 'number':
      return Number(given);
    case 'boolean':
      return given === true || given === 'true';
    case 'text':
      return typeof given === 'string' ? given : typeof given === 'bigint' ? String(given) : JSON.stringify(given);
    case 'json':
      return typeof given === 'string' ? given : JSON.stringify(given);
    case 'bytes':
      return typeof given === 'string' ? given : Buffer.from(given as Uint8Array).toString('base64');
    case 'unknown':
      return given as Value;
  }
}

function timeOf(given: unknown): number {
  const milliseconds = given instanceof Date ? given.getTime() : Date.parse(given as string);
  if (Number.isNaN(milliseconds)) throw new Error(`${String(given)} is no time`);
  return milliseconds;
}

function intervalOf(text: string): number {
  const [, count, unit] = /^(\d+) ([a-z]+?)s?$/.exec(text) ?? [];
  const milliseconds = UNITS[unit ?? ''];
  if (count === undefined || milliseconds === undefined)
    throw new Error(`the simulated database knows no interval ${text}`);
  return Number(count) * milliseconds;
}

/** As the driver hands it over. */
export function toDriver(value: Value, type: SqlType): unknown {
  if (value === null) return null;
  switch (type) {
    case 'time':
      return new Date(value as number);
    case 'numeric':
      return String(value);
    case 'bytes':
      return Buffer.from(value as string, 'base64');
    case 'json':
      return JSON.parse(value as string) as unknown;
    default:
      return value;
  }
}
