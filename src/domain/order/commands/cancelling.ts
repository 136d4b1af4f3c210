import type { CancellationId } from '../../kernel/ids.js';
import type { CancellationEnd } from '../../settings/settings.js';
import type { By } from '../events.js';
import type { LineQuantity } from './words.js';

/** To call off an order, or units of its lines. */
export type CancellingCommand =
  | {
      readonly type: 'RequestCancellation';
      readonly cancellationId: CancellationId;
      readonly reason: string;
      readonly by: By;
      /** Stop the kitchen even where it has begun; for the staff alone. */
      readonly force?: boolean;
      /** What ends the time in which customers cancel by themselves; absent: that the kitchen begins. */
      readonly customersUntil?: CancellationEnd;
    }
  | {
      readonly type: 'SettleCancellation';
      readonly cancellationId: CancellationId;
      /** What could be stopped; units of a line that are not open any more are left out of account. */
      readonly stopped: readonly LineQuantity[];
      /** Why the rest could not. */
      readonly cause: string;
      readonly at: string;
    }
  | {
      readonly type: 'CancelLines';
      readonly cancellationId: CancellationId;
      readonly lines: readonly LineQuantity[];
      readonly reason: string;
      readonly by: By;
      readonly at: string;
      /** As with `RequestCancellation`. */
      readonly customersUntil?: CancellationEnd;
      /** The quantities are the most: what is not open any more, or has left, stays as it is. */
      readonly upTo?: boolean;
    };
