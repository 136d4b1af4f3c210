import { derivedCommandId } from '../../../../src/commands/identity.js';
import type { DomainEvent, RecordedEvent } from '../../../../src/domain/events.js';
import { at } from '../../../support/fixtures.js';

/** An event as the feed hands it on. Its id follows from stream and revision. */
export const recorded = (stream: string, event: DomainEvent, revision = 0, when = at): RecordedEvent => ({
  id: derivedCommandId('test', stream, `${revision}`, stream),
  stream,
  revision,
  position: BigInt(revision),
  event,
  meta: {
    v: 1,
    at: when,
    commandId: 'command-1',
    correlationId: 'correlation-1',
    causationId: null,
    actor: { kind: 'admin', id: 'admin/local' },
    tenant: 'main',
  },
});
