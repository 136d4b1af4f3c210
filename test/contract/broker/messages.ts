import { randomUUID } from 'node:crypto';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';

/** A message of a made-up order; `data` and `type` as the test needs them. */
export const aMessage = (type = 'order.created.v1', data: unknown = {}): CloudEvent<unknown> => ({
  specversion: '1.0',
  id: randomUUID(),
  source: '/comanda',
  type,
  subject: 'ord_test',
  time: '2026-03-02T09:30:00.000Z',
  datacontenttype: 'application/json',
  dataschema: `/schemas/${type}`,
  streamrevision: 0,
  position: '18446744073709551615',
  correlationid: randomUUID(),
  causationid: randomUUID(),
  tenant: 'main',
  data,
});
