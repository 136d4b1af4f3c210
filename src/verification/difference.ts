/** Something that is not as the log says it must be. */
export interface Difference {
  /** Name of the check that found it. */
  readonly check: string;
  /** The stream, row, timer or runner that it is about. */
  readonly where: string;
  /** One sentence for people: what is wrong with it. */
  readonly text: string;
  /** What the log asks for and what is there instead, where a difference can be said in two values. */
  readonly expected?: unknown;
  readonly found?: unknown;
}

/** A difference before its check put its name on it. */
export type Finding = Omit<Difference, 'check'>;
