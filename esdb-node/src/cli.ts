#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { Command, InvalidArgumentError, Option } from 'commander';
import { startNode } from './node.js';
import type { NodeOptions } from './nodeOptions.js';
import { backupFolder } from './offline/backup.js';
import { verifyFolder } from './offline/verify.js';

interface Options {
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly memory?: boolean;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly users?: boolean;
  readonly projections: 'system' | 'off';
}

const fileOf = (option: string, file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new Error(`${option}: ${(cause as Error).message}`, { cause });
  }
};

/** What the options say of TLS; a certificate without its key is a mistake, not a node without TLS. */
const tlsOf = ({ tlsCert, tlsKey }: Options): { tls?: { cert: string; key: string } } => {
  if (tlsCert === undefined && tlsKey === undefined) return {};
  if (tlsCert === undefined || tlsKey === undefined) throw new Error('--tls-cert and --tls-key go together');
  return { tls: { cert: fileOf('--tls-cert', tlsCert), key: fileOf('--tls-key', tlsKey) } };
};

const portOf = (text: string): number => {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65535) throw new InvalidArgumentError('a port is 0 to 65535');
  return port;
};

const version = (): string => {
  const { version: text } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  return text;
};

const run = async (options: Options): Promise<void> => {
  const { host, port, data, memory, users, projections } = options;
  const serving = { host, port, projections, ...tlsOf(options), ...(users !== undefined && { users }) };
  const where: NodeOptions = memory ? { ...serving, storage: 'memory' } : { ...serving, storage: 'lmdb', data };
  const node = await startNode(where, {
    onFault: (fault) => console.error(fault),
    onShutdown: () => process.exit(0),
  });
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

/** Aborts when the process is told to end, so that a command can tidy up first. */
const interruptible = (): AbortSignal => {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => stop.abort(new Error(`stopped by ${signal}`)));
  }
  return stop.signal;
};

const verify = async ({ data }: { readonly data: string }): Promise<void> => {
  const { events, streams, problems, more } = await verifyFolder(data);
  for (const problem of problems) console.log(problem);
  if (more > 0) console.log(`… and ${more} more`);
  const found = problems.length + more;
  const verdict = found === 0 ? 'nothing is wrong' : `${found} ${found === 1 ? 'problem' : 'problems'}`;
  console.log(`${data}: ${events} events in ${streams} streams, ${verdict}`);
  if (found > 0) process.exitCode = 1;
};

const backup = async (options: {
  readonly data: string;
  readonly to: string;
  readonly compact?: boolean;
}): Promise<void> => {
  const { data, to, compact = false } = options;
  const bytes = await backupFolder(data, to, { compact, signal: interruptible() });
  console.log(`${data} is copied to ${to}: ${bytes} bytes`);
};

const program = new Command('esdb-node')
  .description("A node that speaks EventStoreDB's gRPC protocol. Without a command it runs until SIGTERM.")
  .version(version())
  // each command has a --data of its own
  .enablePositionalOptions()
  .option('--port <number>', 'port to listen at; 0: any free one', portOf, 2113)
  .option('--host <address>', 'address to listen at', '127.0.0.1')
  .option('--data <folder>', 'folder of the log', './events')
  .addOption(new Option('--memory', 'keep the log in memory only').conflicts('data'))
  .addOption(new Option('--projections <which>', 'projections to run').choices(['system', 'off']).default('system'))
  .option('--tls-cert <file>', 'certificate, PEM: the port then speaks TLS only')
  .option('--tls-key <file>', 'key of the certificate, PEM')
  .option(
    '--users',
    'callers must say who they are (default with TLS); a new log gets admin and ops, password changeit',
  )
  .option('--no-users', 'everybody may do everything (default without TLS)')
  .action(run);

program
  .command('verify')
  .description('check the log in a folder that no node uses; changes nothing; exit code 1 when anything is wrong')
  .requiredOption('--data <folder>', 'folder of the log')
  .action(verify);

program
  .command('backup')
  .description('copy the log in a folder as it is at one moment, also while a node runs on it')
  .requiredOption('--data <folder>', 'folder of the log')
  .requiredOption('--to <folder>', 'where the copy goes; must not be there yet, or be empty')
  .option('--compact', 'leave out free space: smaller, but slower')
  .action(backup);

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
