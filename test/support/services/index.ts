import { canInstall, install, ownBinary, PACKAGES } from './binaries.js';
import { engineAnswers, startContainer } from './compose.js';
import { asPostgresService, startPostgres } from './postgres.js';
import type { PostgresService } from './postgres.js';
import { behindProxy } from './proxy.js';
import { asRabbitMqService, startRabbitMq } from './rabbitmq.js';
import type { RabbitMqService } from './rabbitmq.js';
import { asRedisService, startRedis } from './redis.js';
import type { RedisService } from './redis.js';
import { ServiceUnavailable } from './types.js';
import type { RunningService, ServiceName } from './types.js';

export type { PostgresService, SuiteDatabase } from './postgres.js';
export type { RabbitMqService } from './rabbitmq.js';
export type { RedisService } from './redis.js';
export type { ServiceControl } from './types.js';

export interface Services {
  readonly postgres: PostgresService;
  readonly redis: RedisService;
  readonly rabbitmq: RabbitMqService;
}

const VARIABLES: Record<ServiceName, string> = {
  postgres: 'TEST_POSTGRES_URL',
  redis: 'TEST_REDIS_URL',
  rabbitmq: 'TEST_RABBITMQ_URL',
};
const DEFAULT_PORTS: Record<ServiceName, number> = { postgres: 5432, redis: 6379, rabbitmq: 5672 };
const STARTERS: Record<ServiceName, (binary: string) => Promise<RunningService>> = {
  postgres: startPostgres,
  redis: startRedis,
  rabbitmq: startRabbitMq,
};

const isMissing = (service: ServiceName): boolean =>
  process.env[VARIABLES[service]] === undefined && ownBinary(service) === undefined;

/** The variable, the machine's own program, apt, a container, in this order; else an error that says what would help. */
const obtain = async (service: ServiceName): Promise<RunningService> => {
  const url = process.env[VARIABLES[service]];
  if (url !== undefined) return await behindProxy(url, 'external', DEFAULT_PORTS[service]);
  const own = ownBinary(service);
  if (own !== undefined) return await STARTERS[service](own);
  const failures: string[] = [];
  if (canInstall()) {
    const names = Object.keys(PACKAGES) as ServiceName[];
    await install(names.filter(isMissing)).catch((error: unknown) => failures.push(String(error)));
    const installed = ownBinary(service);
    if (installed !== undefined) return await STARTERS[service](installed);
  }
  if (await engineAnswers()) {
    const container = await startContainer(service);
    return await behindProxy(container.url, 'container', container.defaultPort, container.dispose);
  }
  throw new ServiceUnavailable(
    `the tests need a ${service} server: set ${VARIABLES[service]}, or install the package ${PACKAGES[service]}, or start Docker` +
      (failures.length > 0 ? ` (apt-get failed: ${failures.join('; ')})` : ''),
  );
};

const started = new Map<ServiceName, Promise<RunningService>>();

const once = (service: ServiceName): Promise<RunningService> => {
  const known = started.get(service);
  if (known !== undefined) return known;
  const starting = obtain(service);
  started.set(service, starting);
  return starting;
};

/** The run's PostgreSQL; started at the first call, the same for everybody afterwards. */
export const postgres = async (): Promise<PostgresService> => asPostgresService(await once('postgres'));

let rabbit: Promise<RabbitMqService> | undefined;

/** The run's RabbitMQ. */
export const rabbitmq = (): Promise<RabbitMqService> => (rabbit ??= once('rabbitmq').then(asRabbitMqService));

/** The run's Redis. */
export const redis = async (): Promise<RedisService> => asRedisService(await once('redis'));

/** All three, started side by side. */
export const services = async (): Promise<Services> => {
  const [postgresService, redisService, rabbitmqService] = await Promise.all([postgres(), redis(), rabbitmq()]);
  return { postgres: postgresService, redis: redisService, rabbitmq: rabbitmqService };
};

/** Ends what was started. Mocha does it after the last suite; anybody else who imports this calls it. */
export const stopServices = async (): Promise<void> => {
  const running = [...started.values()];
  started.clear();
  rabbit = undefined;
  await Promise.all(running.map(async (service) => await (await service.catch(() => undefined))?.dispose()));
};

// imported by suites at their top, so this becomes a hook of the whole run
if (typeof after === 'function') {
  after('stop the services of the run', async function () {
    this.timeout(30_000);
    await stopServices();
  });
}
