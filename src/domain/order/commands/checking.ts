import type { CheckId } from '../../kernel/ids.js';
import type { CheckRule, OrderData } from '../events.js';
import type { Acceptance } from './words.js';

/** To tell an order what the check engine said. */
export interface CheckingCommand {
  readonly type: 'RecordCheckResult';
  readonly checkId: CheckId;
  readonly verdict: OrderData<'OrderChecked'>['verdict'];
  readonly rules: readonly CheckRule[];
  readonly engine: string;
  readonly engineVersion: string;
  /** RFC 3339; until when somebody has to look at an order that the engine does not decide. */
  readonly decideBy: string;
  readonly acceptance: Acceptance;
}
