import type { MessageType } from './index.js';

/** Jobs for engines, and what engines answer. */
export const DIRECT_EXCHANGES = ['comanda.jobs', 'comanda.callbacks'] as const;

/** Where a message goes that is no fact for anybody: by its key to the engines of one kind, or from them. */
export interface DirectRoute {
  readonly exchange: (typeof DIRECT_EXCHANGES)[number];
  readonly key: string;
}

const ROUTES: ReadonlyMap<string, DirectRoute> = new Map<MessageType, DirectRoute>([
  ['check.requested.v1', { exchange: 'comanda.jobs', key: 'check' }],
  ['check.completed.v1', { exchange: 'comanda.callbacks', key: 'check' }],
  ['carrier.booking_requested.v1', { exchange: 'comanda.jobs', key: 'carrier' }],
  ['carrier.label_created.v1', { exchange: 'comanda.callbacks', key: 'carrier' }],
  ['carrier.label_void_requested.v1', { exchange: 'comanda.jobs', key: 'carrier' }],
  ['carrier.label_voided.v1', { exchange: 'comanda.callbacks', key: 'carrier' }],
  ['carrier.tracking_updated.v1', { exchange: 'comanda.callbacks', key: 'carrier' }],
]);

/** The way of a type that only those get who are bound to it by name; undefined where it is a fact for anybody. */
export const directRouteOf = (type: string): DirectRoute | undefined => ROUTES.get(type);
