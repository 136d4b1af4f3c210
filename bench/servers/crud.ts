/**
 * What people build instead: an order service on Express and PostgreSQL, one transaction for the order and its stock.
 * As fast as it honestly is: prices from memory, prepared statements, rows locked in the order of their skus (so no
 * deadlock), an Idempotency-Key as a unique column, and everything that need not wait for an answer sent together.
 * Usage: crud.js POSTGRES_URL SKUS
 */
import { randomUUID } from 'node:crypto';
import express, { type Response } from 'express';
import pg from 'pg';
import { skuOf } from '../load/requests.js';
import { serve } from './ready.js';

const [url, skus = '1000'] = process.argv.slice(2);
const settings: pg.PoolConfig & { pipeline: boolean } = { connectionString: url, max: 20, pipeline: true };
const pool = new pg.Pool(settings);

await pool.query(`
  DROP TABLE IF EXISTS shop_order_line, shop_order, shop_stock;
  CREATE TABLE shop_stock (sku text PRIMARY KEY, on_hand int NOT NULL, reserved int NOT NULL DEFAULT 0);
  CREATE TABLE shop_order (
    id uuid PRIMARY KEY, idempotency_key text NOT NULL UNIQUE, location text NOT NULL, mode text NOT NULL,
    status text NOT NULL, total int NOT NULL, currency text NOT NULL, placed_at timestamptz NOT NULL);
  CREATE TABLE shop_order_line (
    order_id uuid NOT NULL REFERENCES shop_order, position int NOT NULL, sku text NOT NULL, name text NOT NULL,
    quantity int NOT NULL, unit_price int NOT NULL, PRIMARY KEY (order_id, position))`);
await pool.query(
  `INSERT INTO shop_stock (sku, on_hand) SELECT 'article-' || n, 1000000000 FROM generate_series(0, $1::int - 1) n`,
  [skus],
);

const prices = new Map(
  Array.from({ length: Number(skus) }, (_, n) => [skuOf(n), { name: `Article ${n}`, unitPrice: 950 }]),
);

interface Line {
  readonly sku: string;
  readonly quantity: number;
}
interface PlaceOrder {
  readonly locationId: string;
  readonly mode: string;
  readonly lines: readonly Line[];
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

const LOCK = {
  name: 'lock',
  text: 'SELECT sku, on_hand - reserved AS free FROM shop_stock WHERE sku = ANY ($1) ORDER BY sku FOR UPDATE',
};
const TAKE = {
  name: 'take',
  text: `UPDATE shop_stock SET reserved = reserved + wanted.quantity
    FROM unnest($1::text[], $2::int[]) AS wanted (sku, quantity) WHERE shop_stock.sku = wanted.sku`,
};
const ORDER = {
  name: 'order',
  text: `INSERT INTO shop_order (id, idempotency_key, location, mode, status, total, currency, placed_at)
    VALUES ($1, $2, $3, $4, 'placed', $5, 'EUR', $6)`,
};
const LINES = {
  name: 'lines',
  text: `INSERT INTO shop_order_line (order_id, position, sku, name, quantity, unit_price)
    SELECT $1, * FROM unnest($2::int[], $3::text[], $4::text[], $5::int[], $6::int[])`,
};

async function place(key: string, { locationId, mode, lines }: PlaceOrder): Promise<object> {
  const priced = lines.map(({ sku, quantity }, position) => {
    const offer = prices.get(sku);
    if (!offer || !Number.isSafeInteger(quantity) || quantity < 1) throw new Refusal(422, `${sku} is not for sale`);
    return { position, sku, quantity, ...offer };
  });
  const total = priced.reduce((sum, { unitPrice, quantity }) => sum + unitPrice * quantity, 0);
  const id = randomUUID();
  const placedAt = new Date().toISOString();
  const column = <K extends keyof (typeof priced)[number]>(name: K) => priced.map((line) => line[name]);
  const client = await pool.connect();
  try {
    const [, locked] = await Promise.all([
      client.query('BEGIN'),
      client.query<{ sku: string; free: number }>({ ...LOCK, values: [column('sku')] }),
    ]);
    const free = new Map(locked.rows.map((row) => [row.sku, row.free]));
    for (const { sku, quantity } of priced) {
      if ((free.get(sku) ?? 0) < quantity) throw new Refusal(409, `${sku} is out of stock`);
    }
    await Promise.all([
      client.query({ ...TAKE, values: [column('sku'), column('quantity')] }),
      client.query({ ...ORDER, values: [id, key, locationId, mode, total, placedAt] }),
      client.query({
        ...LINES,
        values: [id, column('position'), column('sku'), column('name'), column('quantity'), column('unitPrice')],
      }),
      client.query('COMMIT'),
    ]);
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
  return represent({ id, location: locationId, mode, status: 'placed', total, placed_at: placedAt }, priced);
}

const represent = (
  order: { id: string; location: string; mode: string; status: string; total: number; placed_at: string | Date },
  lines: readonly (Line & { name: string; unitPrice: number })[],
): object => ({
  id: order.id,
  locationId: order.location,
  mode: order.mode,
  status: order.status,
  lines: lines.map(({ sku, name, quantity, unitPrice }) => ({
    sku,
    name,
    quantity,
    unitPrice: { amount: unitPrice, currency: 'EUR' },
    net: { amount: unitPrice * quantity, currency: 'EUR' },
  })),
  total: { amount: order.total, currency: 'EUR' },
  placedAt: order.placed_at,
});

const READ = {
  name: 'read',
  text: `SELECT o.id, o.location, o.mode, o.status, o.total, o.placed_at,
      json_agg(json_build_object('sku', l.sku, 'name', l.name, 'quantity', l.quantity, 'unitPrice', l.unit_price)
        ORDER BY l.position) AS lines
    FROM shop_order o JOIN shop_order_line l ON l.order_id = o.id WHERE o.id = $1 GROUP BY o.id`,
};

const refuse = (response: Response, error: unknown): void => {
  if (error instanceof Refusal) return void response.status(error.status).json({ error: error.message });
  throw error;
};

const app = express();
app.use(express.json());
app.post('/v1/orders', async (request, response) => {
  const key = request.get('idempotency-key');
  if (key === undefined) return void response.status(400).json({ error: 'send an Idempotency-Key' });
  try {
    response.status(201).json(await place(key, request.body as PlaceOrder));
  } catch (error) {
    refuse(response, error);
  }
});
app.get('/v1/orders/:id', async (request, response) => {
  const { rows } = await pool.query({ ...READ, values: [request.params.id] });
  const row = rows[0] as (Parameters<typeof represent>[0] & { lines: Parameters<typeof represent>[1] }) | undefined;
  if (!row) return void response.status(404).json({ error: 'there is no such order' });
  response.json(represent(row, row.lines));
});
serve(app);
