/**
 * Waits for a promise, but not longer than `ms`, and never rejects: for the goodbyes to a broker that may be frozen or
 * gone, where the answer does not matter.
 */
export const atMost = async (ms: number, promise: Promise<unknown>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([promise, patience]);
  } catch {
    // it failed, so it is over as well
  } finally {
    clearTimeout(timer);
  }
};
