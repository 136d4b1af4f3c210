import type { Case } from './bench.js';
import { acceptingCases } from './cases/accepting.js';
import { enduringCases } from './cases/enduring.js';
import { flowingCases } from './cases/flowing.js';
import { growingCases } from './cases/growing.js';
import { readingCases } from './cases/reading.js';
import { liveRebuildCases } from './cases/rebuildingLive.js';
import { rebuildingCases } from './cases/rebuilding.js';
import { spanCases } from './cases/spans.js';

/** Every case, in the order of a run. */
export const CASES: readonly Case[] = [
  ...acceptingCases,
  ...spanCases,
  ...readingCases,
  ...flowingCases,
  ...rebuildingCases,
  ...liveRebuildCases,
  ...enduringCases,
  ...growingCases,
];
