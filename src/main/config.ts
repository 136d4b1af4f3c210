import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { StartupError } from './startupError.js';

const ROLES = ['api', 'projections', 'processes', 'consumers'] as const;
export type Role = (typeof ROLES)[number];

/** Everything that the environment decides. An outside component without a URL is served by its embedded default. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** Where a process that does not serve the API answers `/livez` and `/readyz`; absent: nowhere. */
  readonly probePort: number | undefined;
  /** Folder of the embedded components and of the generated secret. */
  readonly dataFolder: string;
  readonly logLevel: string;
  /** Keys order numbers and cursors; absent: generated into the data folder. */
  readonly secret: string | undefined;
  readonly eventStoreUrl: string | undefined;
  readonly postgresUrl: string | undefined;
  readonly rabbitmqUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** Where browsers reach this API; used in payment return links. */
  readonly publicUrl: string | undefined;
  readonly stripe: {
    /** Absent: the Stripe simulator serves. */
    readonly secretKey: string | undefined;
    readonly apiBase: string | undefined;
    readonly webhookSecret: string | undefined;
    readonly simulatorPort: number;
    /** Where the simulator listens. */
    readonly simulatorHost: string;
    /** How payers' browsers reach the simulator; absent: at its own address. */
    readonly simulatorPublicUrl: string | undefined;
  };
  readonly mail: {
    /** Absent: mails become files in the data folder. */
    readonly smtpUrl: string | undefined;
    /** As it stands in From. */
    readonly from: string;
  };
  /** The carriers that report to us, each with the secret under which it signs. */
  readonly carrierSecrets: ReadonlyMap<string, string>;
  readonly kitchenSimulator: boolean;
  /** Whether the carrier of the house takes bookings; off: a program elsewhere does. */
  readonly carrierSimulator: boolean;
  /** Whether the check engine of the house takes orders to check; off: a program elsewhere does. */
  readonly checkEngine: boolean;
}

const pattern = (name: string, accepts: (text: string) => boolean) =>
  new t.Type<string, string, unknown>(
    name,
    (value): value is string => typeof value === 'string' && accepts(value),
    (value, context) => (typeof value === 'string' && accepts(value) ? t.success(value) : t.failure(value, context)),
    (text) => text,
  );

const decimal = (name: string, least: number, most: number) =>
  new t.Type<number, string, unknown>(
    name,
    (value): value is number => typeof value === 'number',
    (value, context) =>
      typeof value === 'string' && /^\d{1,9}$/.test(value) && Number(value) >= least && Number(value) <= most
        ? t.success(Number(value))
        : t.failure(value, context),
    String,
  );

const url = (...schemes: readonly string[]) =>
  pattern(`a URL that begins with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`, (text) => {
    const scheme = schemes.find((candidate) => text.startsWith(`${candidate}://`));
    return scheme !== undefined && /^[^\s/?#]+/.test(text.slice(scheme.length + 3));
  });

const onOff = new t.Type<boolean, string, unknown>(
  'on or off',
  (value): value is boolean => typeof value === 'boolean',
  (value, context) => (value === 'on' || value === 'off' ? t.success(value === 'on') : t.failure(value, context)),
  (on) => (on ? 'on' : 'off'),
);

const port = decimal('a port from 1 to 65535', 1, 65_535);
const text = pattern('a text that is not empty', (value) => value.trim() !== '');
const mailbox = pattern('a mail address such as orders@example.com, or Name <orders@example.com>', (value) =>
  /^(?:[^<>@\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(value),
);
const logLevel = pattern('error, warn, info or debug', (value) => ['error', 'warn', 'info', 'debug'].includes(value));
const secret = pattern('a secret of 16 characters or more', (value) => value.length >= 16);

const CARRIER_SECRET = /^([a-z0-9][a-z0-9-]{0,39})=(\S{16,})$/;
const carrierSecrets = new t.Type<ReadonlyMap<string, string>, string, unknown>(
  'name=secret for each carrier, separated by commas, each secret 16 characters or more',
  (value): value is ReadonlyMap<string, string> => value instanceof Map,
  (value, context) => {
    const pairs = String(value)
      .split(',')
      .map((pair) => CARRIER_SECRET.exec(pair.trim()));
    const secrets = new Map(pairs.flatMap((pair) => (pair?.[1] && pair[2] ? [[pair[1], pair[2]] as const] : [])));
    return secrets.size === pairs.length ? t.success(secrets) : t.failure(value, context);
  },
  (secrets) => [...secrets].map((pair) => pair.join('=')).join(','),
);

/**
 * Reads the configuration from environment variables; an empty variable counts as unset.
 * @throws StartupError that names the variable, what it holds (never a secret's value) and what it should hold
 */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const read = <A>(name: string, type: t.Decoder<unknown, A> & { readonly name: string }): A | undefined => {
    const value = environment[name];
    if (value === undefined || value === '') return undefined;
    const decoded = type.decode(value);
    if (E.isRight(decoded)) return decoded.right;
    const shown = /SECRET|URL|KEY/.test(name) ? 'its value' : `"${value}"`;
    throw new StartupError(
      `${name} must be ${type.name}, but ${shown} is not: set it rightly, or unset it for the default`,
    );
  };
  const config: Config = {
    host: read('HOST', text) ?? '127.0.0.1',
    port: read('PORT', port) ?? 8080,
    probePort: read('PROBE_PORT', port),
    dataFolder: read('COMANDA_DATA', text) ?? './data',
    logLevel: read('LOG_LEVEL', logLevel) ?? 'info',
    secret: read('COMANDA_SECRET', secret),
    eventStoreUrl: read('EVENTSTORE_URL', url('esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover')),
    postgresUrl: read('POSTGRES_URL', url('postgres', 'postgresql')),
    rabbitmqUrl: read('RABBITMQ_URL', url('amqp', 'amqps')),
    redisUrl: read('REDIS_URL', url('redis', 'rediss')),
    publicUrl: read('PUBLIC_URL', url('http', 'https')),
    stripe: {
      secretKey: read('STRIPE_SECRET_KEY', text),
      apiBase: read('STRIPE_API_BASE', url('http', 'https')),
      webhookSecret: read('STRIPE_WEBHOOK_SECRET', text),
      simulatorPort: read('STRIPE_SIMULATOR_PORT', port) ?? 8081,
      simulatorHost: read('STRIPE_SIMULATOR_HOST', text) ?? '127.0.0.1',
      simulatorPublicUrl: read('STRIPE_SIMULATOR_PUBLIC_URL', url('http', 'https')),
    },
    mail: {
      smtpUrl: read('SMTP_URL', url('smtp', 'smtps')),
      from: read('MAIL_FROM', mailbox) ?? 'Comanda <orders@comanda.invalid>',
    },
    carrierSecrets: read('CARRIER_SECRETS', carrierSecrets) ?? new Map<string, string>(),
    kitchenSimulator: read('KITCHEN_SIMULATOR', onOff) ?? false,
    carrierSimulator: read('CARRIER_SIMULATOR', onOff) ?? true,
    checkEngine: read('CHECK_ENGINE', onOff) ?? true,
  };
  refuseContradictions(config);
  return config;
}

function refuseContradictions(config: Config): void {
  if (config.stripe.secretKey !== undefined && config.stripe.webhookSecret === undefined) {
    throw new StartupError(
      'STRIPE_SECRET_KEY is set, so STRIPE_WEBHOOK_SECRET must be too: take it from the webhook endpoint in Stripe',
    );
  }
  if (config.stripe.secretKey === undefined && config.port === config.stripe.simulatorPort) {
    throw new StartupError(`PORT and STRIPE_SIMULATOR_PORT are both ${config.port}: give one of them another port`);
  }
}

/**
 * Reads `--roles`: a comma-separated list; all roles when it is not given.
 * @throws StartupError on an unknown role, or on split roles that would need an embedded component to be shared
 */
export function readRoles(list: string | undefined, config: Config): readonly Role[] {
  const roles =
    list === undefined ? [...ROLES] : [...new Set(list.split(',').map((role) => role.trim()))].map(knownRole);
  if (roles.length === ROLES.length) return roles;
  const missing = (
    [
      ['EVENTSTORE_URL', config.eventStoreUrl],
      ['POSTGRES_URL', config.postgresUrl],
      ['RABBITMQ_URL', config.rabbitmqUrl],
      ['REDIS_URL', config.redisUrl],
      ['STRIPE_SECRET_KEY', config.stripe.secretKey],
      ['COMANDA_SECRET', config.secret],
    ] as const
  ).flatMap(([name, value]) => (value === undefined ? [name] : []));
  if (missing.length > 0) {
    throw new StartupError(
      `--roles ${roles.join(',')} makes this one of several processes, which cannot share embedded components: set ${missing.join(', ')} too`,
    );
  }
  return roles;
}

function knownRole(role: string): Role {
  const known = ROLES.find((candidate) => candidate === role);
  if (known === undefined) throw new StartupError(`--roles names "${role}": the roles are ${ROLES.join(', ')}`);
  return known;
}
