import { derivedCommandId } from '../../commands/identity.js';
import type { Clock } from '../../commands/ports/clock.js';
import { type CheckCompletedV1, dataSchemaOf } from '../contracts/index.js';
import type { Callbacks } from '../ports/callbacks.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { decodeMessage } from '../runtime/decodeMessage.js';
import { check } from './rules.js';

/** Where orders wait to be checked. Any program may take them from there and answer instead of this one. */
export const CHECK_QUEUE = { queue: 'check.jobs', bindings: ['check.requested.v1'] };

const ENGINE = { engine: 'comanda-rules', engineVersion: '2' };
const ANSWER = 'check.completed.v1';

/**
 * The check engine of the house: knows nothing but the job, answers each with what its rules find. The answer carries the
 * job's own correlation, and an id that a repeat has too.
 */
export const checkEngine = ({
  callbacks,
  clock,
}: {
  readonly callbacks: Callbacks;
  readonly clock: Clock;
}): ConsumeOptions => ({
  ...CHECK_QUEUE,
  prefetch: 32,
  handle: async ({ message }) => {
    const request = decodeMessage('check.requested.v1', message);
    const data: CheckCompletedV1 = {
      checkId: request.checkId,
      orderId: request.order.id,
      ...check(request),
      ...ENGINE,
    };
    await callbacks.publish({
      ...message,
      id: derivedCommandId('screening', message.id, 'answer', request.checkId),
      source: '/comanda/screening',
      type: ANSWER,
      dataschema: dataSchemaOf(ANSWER),
      time: clock.now(),
      causationid: message.id,
      data,
    });
  },
});
