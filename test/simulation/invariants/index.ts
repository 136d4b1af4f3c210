import { everyFactIsPublished } from './everyFactIsPublished.js';
import { gapless } from './gapless.js';
import type { Invariant } from './invariant.js';
import { moneyAgrees } from './moneyAgrees.js';
import { moneyIsCounted } from './moneyIsCounted.js';
import { noOversell } from './noOversell.js';
import { nothingIsParked } from './nothingIsParked.js';
import { onlyTheOwnerCommits } from './onlyTheOwnerCommits.js';
import { reservationsEnd } from './reservationsEnd.js';
import { returnsAreRestocked } from './returnsAreRestocked.js';
import { stockBeforeMoney } from './stockBeforeMoney.js';
import { storedAsSent } from './storedAsSent.js';
import { terminalForEver } from './terminalForEver.js';
import { viewsAreFolds } from './viewsAreFolds.js';
import { workIsDoneOnce } from './workIsDoneOnce.js';

/** Everything that must hold, made anew for each run; an aggregate's own go here. */
export const INVARIANTS = (): readonly Invariant[] => [
  gapless(),
  storedAsSent(),
  noOversell(),
  terminalForEver(),
  workIsDoneOnce(),
  viewsAreFolds(),
  onlyTheOwnerCommits(),
  moneyAgrees(),
  moneyIsCounted(),
  reservationsEnd(),
  returnsAreRestocked(),
  stockBeforeMoney(),
  everyFactIsPublished(),
  nothingIsParked(),
];
