import type { Check } from '../check.js';
import { commandsTookEffectOnce } from './commandsTookEffectOnce.js';
import { everyEventDecodes } from './everyEventDecodes.js';
import { gaplessRevisions } from './gaplessRevisions.js';
import { mailsAreSettled } from './mailsAreSettled.js';
import { nothingIsParked } from './nothingIsParked.js';
import { oneTicketAnOrder } from './oneTicketAnOrder.js';
import { ordersAddUp } from './ordersAddUp.js';
import { ordersAreOnTheirWay } from './ordersAreOnTheirWay.js';
import { ordersHaveReservations } from './ordersHaveReservations.js';
import { otherAmountsAreDecided } from './otherAmountsAreDecided.js';
import { paymentsAreCounted } from './paymentsAreCounted.js';
import { paymentsAreOpened } from './paymentsAreOpened.js';
import { promisesAgree } from './promisesAgree.js';
import { refundsAreCounted } from './refundsAreCounted.js';
import { refundsAreOwed } from './refundsAreOwed.js';
import { reservationsAreWanted } from './reservationsAreWanted.js';
import { reservationsHaveOrders } from './reservationsHaveOrders.js';
import { reservedIsTheSum } from './reservedIsTheSum.js';
import { returnsAreRestocked } from './returnsAreRestocked.js';
import { runnersKeepUp } from './runnersKeepUp.js';
import { shipmentsAndOrdersAgree } from './shipmentsAndOrdersAgree.js';
import { stockNeverBelowZero } from './stockNeverBelowZero.js';
import { timersAreRight } from './timersAreRight.js';
import { transfersArrive } from './transfersArrive.js';
import { webhooksAreWorked } from './webhooksAreWorked.js';

/** Every rule that `comanda verify` holds the installation to. */
export const CHECKS: readonly Check[] = [
  gaplessRevisions,
  everyEventDecodes,
  commandsTookEffectOnce,
  stockNeverBelowZero,
  reservedIsTheSum,
  transfersArrive,
  returnsAreRestocked,
  reservationsHaveOrders,
  reservationsAreWanted,
  ordersHaveReservations,
  ordersAreOnTheirWay,
  timersAreRight,
  ordersAddUp,
  paymentsAreOpened,
  paymentsAreCounted,
  otherAmountsAreDecided,
  refundsAreOwed,
  refundsAreCounted,
  oneTicketAnOrder,
  promisesAgree,
  shipmentsAndOrdersAgree,
  webhooksAreWorked,
  mailsAreSettled,
  nothingIsParked,
  runnersKeepUp,
];
