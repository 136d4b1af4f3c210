import type { ReturnId } from '../../kernel/ids.js';
import type { By, OrderData } from '../events.js';

/** Units that came back, and whether they can be sold again. */
export type ReturnedUnits = OrderData<'LinesReturned'>['lines'][number];

/** Units that were handed over are back. `returnId` names what came at once, so that it is counted once. */
export interface ReturningCommand {
  readonly type: 'RecordReturn';
  readonly returnId: ReturnId;
  readonly lines: readonly ReturnedUnits[];
  readonly reason?: string;
  readonly by: By;
}
