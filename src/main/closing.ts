import type { Logger } from '../infrastructure/telemetry/logger.js';

/** What was opened, closed in the reverse order; a failure of one does not keep the others from being closed. */
export class Closing {
  readonly #steps: { readonly name: string; readonly close: () => Promise<void> | void }[] = [];

  constructor(private readonly log: Logger) {}

  /** Remembers how to close something that was just opened. */
  add(name: string, close: () => Promise<void> | void): void {
    this.#steps.push({ name, close });
  }

  /** Closes everything that was added, newest first. Never rejects: failures go to the log. */
  async run(): Promise<void> {
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      const { name, close } = step;
      try {
        this.log.debug(`closing: ${name}`);
        await close();
      } catch (error) {
        this.log.warn(`${name} did not close cleanly`, { error });
      }
    }
  }
}
