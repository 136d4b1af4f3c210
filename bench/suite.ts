import type { Case } from './bench.js';
import { acceptingCases } from './cases/accepting.js';
import { flowingCases } from './cases/flowing.js';
import { readingCases } from './cases/reading.js';

/** Every case, in the order of a run. */
export const CASES: readonly Case[] = [...acceptingCases, ...readingCases, ...flowingCases];
