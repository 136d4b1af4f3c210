import type { AmendingCommand } from './commands/amending.js';
import type { CancellingCommand } from './commands/cancelling.js';
import type { CheckingCommand } from './commands/checking.js';
import type { FulfillingCommand } from './commands/fulfilling.js';
import type { HoldingCommand } from './commands/holding.js';
import type { NotingCommand } from './commands/noting.js';
import type { PayingCommand } from './commands/paying.js';
import type { PlacingCommand } from './commands/placing.js';
import type { RefundingCommand } from './commands/refunding.js';
import type { ReturningCommand } from './commands/returning.js';
import type { ShippingCommand } from './commands/shipping.js';

export type { NextPayments } from './commands/amending.js';
export type { OtherMoney } from './commands/holding.js';
export type { ReturnedUnits } from './commands/returning.js';
export type { Acceptance, LineQuantity } from './commands/words.js';
export type { By } from './events.js';

/** Everything that may be asked of an order; each stands with its topic in `commands`. Times, ids, prices and policies arrive in it. */
export type OrderCommand =
  | PlacingCommand
  | CheckingCommand
  | HoldingCommand
  | PayingCommand
  | CancellingCommand
  | AmendingCommand
  | RefundingCommand
  | NotingCommand
  | FulfillingCommand
  | ShippingCommand
  | ReturningCommand;
