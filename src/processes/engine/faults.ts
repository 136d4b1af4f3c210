/** What a process waits for is not there yet, or others were faster all the time: a fault of the system, worth another try. */
export class TryAgainLater extends Error {
  override readonly name = 'TryAgainLater';
  /** Marks it for the subscriptions' and for the broker's way of telling system faults. */
  readonly isSystemFault = true;

  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(reason, options);
  }
}
