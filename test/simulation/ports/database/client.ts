import {
  type Database,
  DatabaseRejected,
  DatabaseUnavailable,
  type Queryable,
  type QueryResult,
} from '../../../../src/subscriptions/ports/database.js';
import type { Host } from '../../kernel/host.js';
import type { Network, Reply } from '../../kernel/network.js';
import type { Occurrence } from '../../kernel/scheduler.js';
import type { DatabaseServer } from './server.js';
import type { Result } from './statements.js';
import { Transaction } from './transaction.js';

/** The server ends a transaction that nothing is heard of for so long. */
const IDLE_TRANSACTION_MS = 5_000;

const unavailable = (): Error => new DatabaseUnavailable('the database does not answer');
const unknown = (): Error => new DatabaseUnavailable('no answer to a statement');
const lostCommit = (): Error => new DatabaseUnavailable('no answer to a commit', { ambiguous: true });
const IN_FAILED_TRANSACTION = '25P02';

/** What a statement is called in a trace: its first word and its table. */
const labelOf = (sql: string): string => {
  const [verb = ''] = /\w+/.exec(sql) ?? [];
  const [, table = ''] = /(?:INTO|FROM|UPDATE)\s+(\w+)/i.exec(sql) ?? [];
  return `${verb.toLowerCase()} ${table}`;
};

/** The database as one process reaches it. */
export interface SimulatedDatabase extends Database {
  /** The process is gone, and its connections with it. */
  disconnect(): void;
}

export function databaseFor(host: Host, server: DatabaseServer, network: Network): SimulatedDatabase {
  const open = new Set<Transaction>();
  const by = `${host.name}/${host.life}`;

  const run = (
    transaction: Transaction,
    sql: string,
    params: readonly unknown[],
    reply: Reply<Result>,
    alone: boolean,
  ) => {
    const attempt = (): void => {
      if (transaction.ended) return reply.fail(new DatabaseUnavailable('the server ended the transaction'));
      if (transaction.failed) {
        return reply.fail(new DatabaseRejected('the transaction has failed', { sqlState: IN_FAILED_TRANSACTION }));
      }
      try {
        const result = server.execute(transaction, sql, params);
        if (result instanceof Transaction) return wait(result);
        transaction.blockedBy = undefined;
        if (alone) server.commit(transaction);
        reply.answer(result);
      } catch (error) {
        if (!(error instanceof DatabaseRejected)) throw error;
        transaction.failed = true;
        if (alone) server.rollback(transaction);
        reply.fail(error);
      }
    };
    const wait = (blocker: Transaction): void => {
      transaction.blockedBy = blocker;
      for (let next: Transaction | undefined = blocker; next; next = next.blockedBy) {
        if (next !== transaction) continue;
        server.rollback(transaction);
        return reply.fail(new DatabaseUnavailable('deadlock'));
      }
      blocker.onEnd(() => network.scheduler.schedule(undefined, 0, 'a lock is free', attempt));
    };
    attempt();
  };

  const query = async <R extends object>(sql: string, params: readonly unknown[] = []): Promise<QueryResult<R>> => {
    const result = await network.call<Result>(host, {
      service: 'database',
      label: network.trace.kept ? `${labelOf(sql)} ${shown(params)}` : 'statement',
      failures: /^\s*SELECT/i.test(sql) ? { unavailable } : { unavailable, unknown },
      serve: (reply) => run(server.begin(by), sql, params, reply, true),
    });
    return result as QueryResult<R>;
  };

  const transaction = async <T>(work: (tx: Queryable) => Promise<T>): Promise<T> => {
    const transaction = server.begin(by);
    open.add(transaction);
    let idle: Occurrence | undefined;
    const heard = (): void => {
      if (idle) idle.cancelled = true;
      idle = network.scheduler.schedule(undefined, IDLE_TRANSACTION_MS, 'an idle transaction ends', () =>
        server.rollback(transaction),
      );
    };
    // a connection carries one statement after the other
    let tail: Promise<unknown> = Promise.resolve();
    const inOrder = <R>(next: () => Promise<R>): Promise<R> => {
      const done = tail.then(next);
      tail = done.catch(() => undefined);
      return done;
    };
    const { life } = host;
    const tx: Queryable = {
      query: <R extends object>(sql: string, params: readonly unknown[] = []) =>
        inOrder(async () => {
          const result = await network.call<Result>(host, {
            service: 'database',
            label: network.trace.kept ? `in a transaction: ${labelOf(sql)} ${shown(params)}` : 'statement',
            // an error takes the connection away, and with it the transaction
            failures: { unavailable: () => (server.rollback(transaction), unavailable()) },
            serve: (reply) => {
              if (host.life !== life) return server.rollback(transaction);
              heard();
              run(transaction, sql, params, reply, false);
            },
          });
          return result as QueryResult<R>;
        }),
    };
    try {
      const result = await work(tx);
      await inOrder(() =>
        network.call<undefined>(host, {
          service: 'database',
          label: 'commit',
          failures: { unavailable: lostCommit, unknown: lostCommit },
          serve: (reply) => {
            if (transaction.ended) return reply.fail(new DatabaseUnavailable('the server ended the transaction'));
            server.commit(transaction);
            reply.answer(undefined);
          },
        }),
      );
      return result;
    } finally {
      if (idle) idle.cancelled = true;
      // whatever did not commit is rolled back; what the server did not hear of it does when the connection closes
      if (!transaction.ended) server.rollback(transaction);
      open.delete(transaction);
    }
  };

  return {
    query,
    transaction,
    disconnect: () => {
      for (const each of open) if (!each.ended) server.rollback(each);
    },
  };
}

const shown = (params: readonly unknown[]): string => {
  const text = JSON.stringify(params, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
};
