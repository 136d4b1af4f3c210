import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServiceName } from './types.js';

const run = promisify(execFile);

const FILE = join(import.meta.dirname, 'docker-compose.yml');
const PROJECT = `comanda-test-${process.pid}`;

const PORTS: Record<ServiceName, number> = { postgres: 5432, redis: 6379, rabbitmq: 5672 };
const URLS: Record<ServiceName, (address: string) => string> = {
  postgres: (address) => `postgres://test:test@${address}/postgres`,
  redis: (address) => `redis://${address}`,
  rabbitmq: (address) => `amqp://guest:guest@${address}`,
};

const compose = async (...args: string[]): Promise<string> =>
  (await run('docker', ['compose', '-f', FILE, '-p', PROJECT, ...args], { maxBuffer: 16 * 1024 * 1024 })).stdout.trim();

/** Whether a Docker engine answers, not only its client. */
export const engineAnswers = async (): Promise<boolean> =>
  await run('docker', ['info', '--format', '{{.ServerVersion}}'], { timeout: 10_000 }).then(
    () => true,
    () => false,
  );

/** Starts one service in a container on a free loopback port. */
export const startContainer = async (
  service: ServiceName,
): Promise<{ url: string; defaultPort: number; dispose: () => Promise<void> }> => {
  await compose('up', '-d', '--wait', service);
  const address = await compose('port', service, String(PORTS[service]));
  return {
    url: URLS[service](address),
    defaultPort: PORTS[service],
    dispose: async () => {
      await compose('rm', '-fsv', service);
    },
  };
};
