#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import type { NodeOptions } from './node.js';
import { startNode } from './node.js';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly memory?: boolean;
}

const portOf = (text: string): number => {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new InvalidArgumentError('a port is 0 to 65535');
  return port;
};

const version = (): string => {
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return text;
};

const run = async (options: Options): Promise<void> => {
  const { host, port, data, memory } = options;
  const where: NodeOptions = memory ? { storage: 'memory', host, port } : { storage: 'lmdb', data, host, port };
  const node = await startNode(where, { onFault: (fault) => console.error(fault) });
  console.log(`esdb-node listens at ${node.connectionString}${memory ? ', in memory' : `, data in ${data}`}`);
  const stop = (): void => {
    node
      .stop()
      .then(() => process.exit(0))
      .catch((error: unknown) => {
        console.error(error);
        process.exit(1);
      });
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
};

const program = new Command('esdb-node')
  .description("A node that speaks EventStoreDB's gRPC protocol")
  .version(version())
  .option('--port <number>', 'port to listen at; 0: any free one', portOf, 2113)
  .option('--host <address>', 'address to listen at', '127.0.0.1')
  .option('--data <folder>', 'folder of the log', './events')
  .option('--memory', 'keep the log in memory only')
  .action(run);

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
