import pg from 'pg';

const OID = { int8: 20, date: 1082, int8Array: 1016 } as const;

/** A bigint column's text as a number; one that a number would round is an error, never a wrong amount. */
const safeInteger = (text: string): number => {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} is beyond the safe integers`);
  return value;
};

interface ArrayParser {
  create(text: string, transform: (item: string) => unknown): { parse(): unknown[] };
}

// pg-types exports it, its type declarations do not
const arrayParser = (pg.types as unknown as { arrayParser: ArrayParser }).arrayParser;

/**
 * How columns are decoded on our own connections (the driver's global table stays as it is): bigint to a safe number,
 * date to its text (a calendar day has no time zone), all else as the driver does.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary'): unknown => {
    if (format === 'binary') return pg.types.getTypeParser(oid, 'binary');
    switch (oid) {
      case OID.int8:
        return safeInteger;
      case OID.date:
        return (text: string) => text;
      case OID.int8Array:
        return (text: string) => arrayParser.create(text, safeInteger).parse();
      default:
        return pg.types.getTypeParser(oid, 'text');
    }
  },
};
