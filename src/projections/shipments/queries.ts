import type { OrderId, ShipmentId } from '../../domain/kernel/ids.js';
import type { ShipmentStatus, ShipmentView } from '../../domain/shipment/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import { type Freshness, freshnessOf } from '../freshness.js';
import { SHIPMENT_VIEW } from './schema.js';

/** The place of a shipment in the list, newest first. */
export interface ShipmentListKey {
  /** RFC 3339, as in the view. */
  readonly createdAt: string;
  readonly id: ShipmentId;
}

export interface ShipmentsPageRequest {
  /** Any of these; absent: all. */
  readonly state?: readonly ShipmentStatus[];
  readonly orderId?: OrderId;
  readonly limit: number;
  readonly cursor?: ShipmentListKey;
}

export interface ShipmentsPage extends Freshness {
  readonly items: readonly ShipmentView[];
  readonly next?: ShipmentListKey;
}

export interface ShipmentQueries {
  /** The shipment as its view stands; undefined when the view has none. */
  shipmentById(id: ShipmentId): Promise<ShipmentView | undefined>;
  /** Shipments, newest first. */
  shipmentsPage(request: ShipmentsPageRequest): Promise<ShipmentsPage>;
}

/** Reads the shipments. Every method throws DatabaseUnavailable. */
export const shipmentQueries = (database: Queryable): ShipmentQueries => ({
  shipmentById: async (id) => {
    const { rows } = await database.query<{ view: ShipmentView }>(`SELECT view FROM ${SHIPMENT_VIEW} WHERE id = $1`, [
      id,
    ]);
    return rows[0]?.view;
  },
  shipmentsPage: async ({ state, orderId, limit, cursor }) => {
    const params: unknown[] = [];
    const param = (value: unknown): string => `$${params.push(value)}`;
    const conditions = ['true'];
    if (state !== undefined) conditions.push(`status = ANY (${param(state)})`);
    if (orderId !== undefined) conditions.push(`order_id = ${param(orderId)}`);
    if (cursor) conditions.push(`(created_at, id) < (${param(cursor.createdAt)}::timestamptz, ${param(cursor.id)})`);
    const freshness = await freshnessOf(database, SHIPMENT_VIEW);
    const { rows } = await database.query<{ view: ShipmentView }>(
      `SELECT view FROM ${SHIPMENT_VIEW} WHERE ${conditions.join(' AND ')}
       ORDER BY created_at DESC, id DESC LIMIT ${param(limit + 1)}`,
      params,
    );
    const items = rows.slice(0, limit).map(({ view }) => view);
    const last = items.at(-1);
    const more = rows.length > limit && last !== undefined;
    return { items, ...(more ? { next: { createdAt: last.createdAt, id: last.id } } : {}), ...freshness };
  },
});
