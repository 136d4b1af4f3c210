import type { DomainEvent } from '../../../src/domain/events.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { rebuildables } from '../../../src/main/roles/projections.js';
import { ORDER_VIEW, orderViewSchema } from '../../../src/projections/order/schema.js';
import type { Rebuildable, RebuildOptions } from '../../../src/projections/rebuild/rebuild.js';
import type { Database } from '../../../src/subscriptions/ports/database.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { idOf, placedOrder } from '../../support/fixtures.js';
import type { MemoryLog } from '../../support/projections.js';
import { enter, type Ground } from '../subscriptions/setup.js';

/** Everything that the tests of rebuilds need of the order view. */
export interface RebuildGround {
  readonly ground: Ground;
  readonly orderView: () => Rebuildable;
  /** Options of a rebuild or switch over the log of the ground. */
  readonly options: (change?: Partial<RebuildOptions>) => RebuildOptions;
  /** Rows of a table of the order view: the one that serves, or a build's. */
  readonly rows: (schema?: string) => Promise<readonly { readonly id: string; readonly revision: number }[]>;
  /** Forgets every build, and begins a new log. */
  readonly clear: () => Promise<void>;
}

export async function enterRebuilds(): Promise<RebuildGround> {
  const ground = await enter([orderViewSchema]);
  const orderView = (): Rebuildable => orderViewOver(ground.log);
  return {
    ground,
    orderView,
    options: (change = {}) => ({
      what: orderView(),
      database: ground.database,
      feed: ground.log,
      reader: ground.log,
      owner: 'suite',
      park: false,
      signal: new AbortController().signal,
      ...change,
    }),
    rows: async (schema = 'public') => {
      const { rows } = await ground.database.query<{ id: string; revision: number }>(
        `SELECT id, revision FROM ${schema}.${ORDER_VIEW} ORDER BY id`,
      );
      return rows;
    },
    clear: async () => {
      await ground.clear();
      await dropBuilds(ground.database);
    },
  };
}

export function orderViewOver(log: MemoryLog): Rebuildable {
  const found = rebuildables(createFolds({ reader: log })).find(({ name }) => name === orderViewSchema.name);
  if (!found) throw new Error('there is no order view');
  return found;
}

async function dropBuilds(database: Database): Promise<void> {
  const { rows } = await database.query<{ name: string }>(
    `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'rebuild\\_%'`,
  );
  for (const { name } of rows) await database.query(`DROP SCHEMA ${name} CASCADE`);
}

const secured: DomainEvent = { type: 'StockSecured', data: { reservations: [] } };

export const orderOf = (n: number): OrderId => idOf('order', n);

/** Two events of each of so many orders, the first of all before the second of any. */
export function fill(log: MemoryLog, orders: number, first = 0): void {
  const numbers = Array.from({ length: orders }, (_, n) => first + n);
  for (const n of numbers) {
    log.append(orderStream(orderOf(n)), { type: 'OrderPlaced', data: placedOrder({ orderId: orderOf(n) }) });
  }
  for (const n of numbers) log.append(orderStream(orderOf(n)), secured);
}
