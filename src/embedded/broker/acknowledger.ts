export interface Acknowledger {
  /** Takes the id of a job that is done; it is removed soon, together with others. */
  done(id: string): void;
  /** Resolves when everything that is done is removed. */
  flushed(): Promise<void>;
}

/** Removes jobs in batches: what finishes while one removal is on its way goes with the next. `remove` never rejects. */
export const acknowledger = (remove: (ids: readonly string[]) => Promise<void>): Acknowledger => {
  let waiting: string[] = [];
  let removing: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      const leaving = waiting;
      waiting = [];
      await remove(leaving);
    }
    removing = undefined;
  };
  return {
    done: (id) => {
      waiting.push(id);
      removing ??= run();
    },
    flushed: () => removing ?? Promise.resolve(),
  };
};
