import { createSecureContext } from 'node:tls';

interface Serving {
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** A certificate and its key, PEM. Without them the port speaks plain text. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /**
   * Whether callers must say who they are, and may only do what they are allowed to; default: with TLS. A new log gets the
   * users `admin` and `ops` with the password `changeit`. The clients send no credentials over plain text.
   */
  readonly users?: boolean;
  /** Whether the system projections (`$ce-…`, `$et-…`, `$streams`, …) are there; default `system`. */
  readonly projections?: 'system' | 'off';
  /** A connection is asked so often whether its other side is still there, and closed without an answer; milliseconds, default 10,000. */
  readonly keepAliveInterval?: number;
}

/** Where a node keeps its log, and where it listens. Plain data: it can be sent to a worker thread. */
export type NodeOptions =
  | (Serving & { readonly storage: 'memory' })
  | (Serving & {
      readonly storage: 'lmdb';
      /** The folder of the log; made if it is not there. */
      readonly data: string;
    });

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isIntegerFrom = (lowest: number, highest: number, value: unknown): boolean =>
  Number.isInteger(value) && (value as number) >= lowest && (value as number) <= highest;

/** The longest time that a timer of Node takes, milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** What is said of an option that makes no sense, and whether it does; an option that is not given always does. */
const RULES: readonly (readonly [option: string, rule: string, holds: (options: Loose) => boolean])[] = [
  ['storage', "is 'memory' or 'lmdb'", ({ storage }) => storage === 'memory' || storage === 'lmdb'],
  ['data', 'is the folder of the log', ({ storage, data }) => storage === 'memory' || isText(data)],
  ['host', 'is an address to listen at', ({ host = 'any' }) => isText(host)],
  ['port', 'is a number from 0 to 65535', ({ port = 0 }) => isIntegerFrom(0, 65_535, port)],
  ['users', 'is true or false', ({ users = true }) => typeof users === 'boolean'],
  [
    'projections',
    "is 'system' or 'off'",
    ({ projections = 'off' }) => projections === 'system' || projections === 'off',
  ],
  [
    'keepAliveInterval',
    'is a number of milliseconds',
    ({ keepAliveInterval = 1 }) => isIntegerFrom(1, LONGEST, keepAliveInterval),
  ],
];

/** The options as somebody without types may give them. */
type Loose = Readonly<Partial<Record<'storage' | 'data' | keyof Serving, unknown>>>;

/**
 * Looks at the options of a node before anything is begun.
 * @throws TypeError that names the option, and Error when certificate and key are none, or do not belong together
 */
export const checkOptions = (options: NodeOptions | undefined): void => {
  const loose: Loose = options ?? {};
  for (const [option, rule, holds] of RULES) {
    if (!holds(loose))
      throw new TypeError(`the option ${option} ${rule}, not ${JSON.stringify(loose[option as 'data'])}`);
  }
  if (options?.tls !== undefined) checkTls(options.tls);
};

const checkTls = (tls: { readonly cert: string; readonly key: string }): void => {
  if (!tls.cert || !tls.key) throw new TypeError('the option tls has a certificate, cert, and its key, key');
  try {
    createSecureContext(tls);
  } catch (cause) {
    throw new Error(`the certificate and its key cannot be used: ${(cause as Error).message}`, { cause });
  }
};
