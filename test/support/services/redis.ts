import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { startDaemon } from './daemon.js';
import { freePort } from '../freePort.js';
import { temporaryFolder } from './folders.js';
import type { RunningService, Service } from './types.js';

export interface RedisService extends Service {
  /** A prefix of the suite's own for keys and channels. */
  prefix(): string;
}

export const startRedis = async (program: string): Promise<RunningService> => {
  const folder = await temporaryFolder('redis');
  const port = await freePort();
  return await startDaemon({
    name: 'redis',
    url: `redis://127.0.0.1:${port}`,
    folder,
    command: program,
    args: ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'],
    stopSignal: 'SIGTERM',
    endSignal: 'SIGKILL',
    isReady: () => answers(port),
  });
};

const answers = async (port: number): Promise<boolean> => {
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return (await client.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    client.disconnect();
  }
};

export const asRedisService = (service: RunningService): RedisService => ({
  ...service,
  prefix: () => `suite-${randomUUID()}:`,
});
