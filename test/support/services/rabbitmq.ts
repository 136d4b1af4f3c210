import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { startDaemon } from './daemon.js';
import { freePort } from '../freePort.js';
import { temporaryFolder } from './folders.js';
import type { RunningService, Service } from './types.js';

export interface RabbitMqService extends Service {
  /**
   * A URL with a virtual host of the suite's own. Private instances are born with some, as making one takes long; an
   * external broker has the one its URL names, so there suites must use names of their own (`uniqueName`).
   */
  createVhost(): string;
  /** A name for an exchange or queue that no other suite uses. */
  uniqueName(purpose: string): string;
}

const VHOSTS = 12;
const vhostName = (index: number): string => `suite-${index}`;

/** Everything a node needs to be born with: our user and the virtual hosts. */
const definitions = {
  users: [{ name: 'guest', password: 'guest', tags: ['administrator'], limits: {} }],
  vhosts: ['/', ...Array.from({ length: VHOSTS }, (_, i) => vhostName(i))].map((name) => ({ name })),
  permissions: ['/', ...Array.from({ length: VHOSTS }, (_, i) => vhostName(i))].map((vhost) => ({
    user: 'guest',
    vhost,
    configure: '.*',
    write: '.*',
    read: '.*',
  })),
};

/** A private RabbitMQ node with its own name, ports and folders, and an epmd of its own that dies with it. */
export const startRabbitMq = async (script: string): Promise<RunningService> => {
  const folder = await temporaryFolder('rabbitmq');
  const [port, distributionPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  const nodeName = `test-${randomUUID()}@localhost`;
  const config = join(folder, 'rabbitmq.conf');
  await writeFile(
    config,
    [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      `load_definitions = ${join(folder, 'definitions.json')}`,
      'disk_free_limit.absolute = 50MB',
      // a quorum queue's log is written ahead in one file of this size
      'raft.wal_max_size_bytes = 16777216',
      'log.console = true',
      'log.file = false',
    ].join('\n'),
  );
  await writeFile(join(folder, 'definitions.json'), JSON.stringify(definitions));
  await writeFile(join(folder, 'enabled_plugins'), '[].');
  for (const name of ['mnesia', 'log']) await mkdir(join(folder, name));
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    LANG: 'C.UTF-8',
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_CONFIG_FILE: config,
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    // one node for a few suites: no busy waiting on somebody else's cores
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+S 2:2 +sbwt none -kernel inet_dist_use_interface {127,0,0,1}',
  };
  const epmdFolder = await temporaryFolder('epmd');
  const epmd = await startDaemon({
    name: 'epmd',
    url: '',
    folder: epmdFolder,
    command: 'epmd',
    args: ['-port', String(epmdPort), '-address', '127.0.0.1'],
    stopSignal: 'SIGTERM',
    endSignal: 'SIGKILL',
    isReady: () => Promise.resolve(true),
  });
  const url = `amqp://guest:guest@127.0.0.1:${port}`;
  const node = await startDaemon({
    name: 'rabbitmq',
    url,
    folder,
    command: script,
    args: [],
    env,
    stopSignal: 'SIGTERM',
    endSignal: 'SIGKILL',
    isReady: () => answers(url),
  }).catch(async (error: unknown) => {
    await epmd.dispose();
    throw error;
  });
  return {
    ...node,
    kill: async () => {
      await queuesRegistered(join(folder, 'mnesia', nodeName, 'quorum', nodeName));
      await node.kill();
    },
    dispose: async () => {
      await Promise.all([node.dispose(), epmd.dispose()]);
    },
  };
};

const REGISTRATION_PATIENCE_MS = 10_000;

/**
 * RabbitMQ writes down which quorum queues exist up to three seconds after it has confirmed them; a node that is killed
 * before that comes back with a queue that never finds a leader. That flaw is not what suites want to see, so a kill waits
 * until every queue's folder is named in the node's register.
 */
const queuesRegistered = async (folder: string): Promise<void> => {
  const end = performance.now() + REGISTRATION_PATIENCE_MS;
  while (existsSync(folder) && performance.now() < end) {
    const registers = ['names.dets', 'meta.dets'].map((name) => readFileSync(join(folder, name), 'latin1'));
    const queues = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    if (queues.every(({ name }) => registers.every((register) => register.includes(name)))) return;
    await sleep(50);
  }
};

const answers = async (url: string): Promise<boolean> => {
  try {
    const connection = await connect(url, { timeout: 2_000 });
    connection.on('error', () => undefined);
    const channel = await connection.createChannel();
    // the port opens before the node is through with its start; the exchanges come last
    await channel.checkExchange('amq.topic');
    await connection.close();
    return true;
  } catch {
    return false;
  }
};

export const asRabbitMqService = (service: RunningService): RabbitMqService => {
  let used = 0;
  return {
    ...service,
    createVhost: () => {
      if (service.origin !== 'private') return service.url;
      if (used === VHOSTS) throw new Error(`all ${VHOSTS} virtual hosts are in use: raise VHOSTS`);
      const url = new URL(service.url);
      url.pathname = `/${vhostName(used++)}`;
      return url.href;
    },
    uniqueName: (purpose) => `${purpose}.${randomUUID()}`,
  };
};
