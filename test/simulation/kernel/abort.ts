type Listener = (
  this: SimulatedAbortSignal,
  event: { readonly type: 'abort'; readonly target: SimulatedAbortSignal },
) => void;

/**
 * As Node's own, for those who listen to `abort`. Every runner, wait and retry has some, and Node's are events of the whole kind
 * that the web knows: a good part of a run. Those that `any` makes it also keeps, with all that listens to them, until they
 * abort; of a process that crashed none ever does, and thousands of runs would fill the memory.
 */
export class SimulatedAbortSignal {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<Listener>();

  static any(signals: Iterable<SimulatedAbortSignal>): SimulatedAbortSignal {
    const either = new SimulatedAbortSignal();
    for (const signal of signals) {
      if (signal.aborted) either.abort(signal.reason);
      else signal.addEventListener('abort', () => either.abort(signal.reason));
    }
    return either;
  }

  static abort(reason?: unknown): SimulatedAbortSignal {
    const signal = new SimulatedAbortSignal();
    signal.abort(reason);
    return signal;
  }

  /** A signal aborts once, so whether a listener listens for longer is all the same. */
  addEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners.delete(listener);
  }

  throwIfAborted(): void {
    if (this.aborted) throw this.reason;
  }

  /** Asked of every emitter that many may listen to. */
  setMaxListeners(): void {}

  abort(reason: unknown = new DOMException('This operation was aborted', 'AbortError')): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of this.#listeners) {
      this.#listeners.delete(listener);
      listener.call(this, { type: 'abort', target: this });
    }
  }
}

export class SimulatedAbortController {
  readonly signal = new SimulatedAbortSignal();

  abort(reason?: unknown): void {
    this.signal.abort(reason);
  }
}
