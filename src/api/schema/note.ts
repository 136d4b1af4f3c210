import { text } from './primitives.js';
import { described } from './schema.js';
import { nullable } from './structures.js';

export const LONGEST_NOTE = 1_000;

/** A note as an answer shows it. */
export const noteAnswer = described(
  nullable(text(LONGEST_NOTE)),
  'What somebody wrote; null: who it is about was erased, or it cannot be read just now',
);
