/** The end of a process, in mid-air. */
export class Crash extends Error {
  override readonly name = 'Crash';
  /** What is left of the process may go on trying: nothing comes of it. */
  readonly isSystemFault = true;
}

/**
 * Ends one incarnation of a process at one of the points before and after everything that it does to the outside world.
 * Once it is dead, nothing that it still attempts has any effect.
 */
export class Fuse {
  /** Points passed so far. */
  passed = 0;
  #dead = false;

  /** @param at the point at which it ends, counted from 1; by default it lives on */
  constructor(private at = Number.POSITIVE_INFINITY) {}

  /** From here on counts anew, and ends the process at that point. */
  arm(at: number): void {
    this.passed = 0;
    this.at = at;
  }

  get blown(): boolean {
    return this.#dead;
  }

  /** Does something to the outside world, unless the process ends just before; or it ends just afterwards. */
  async through<T>(effect: () => Promise<T>): Promise<T> {
    this.#point();
    const result = await effect();
    this.#point();
    return result;
  }

  #point(): void {
    if (!this.#dead) {
      this.passed += 1;
      this.#dead = this.passed === this.at;
    }
    if (this.#dead) throw new Crash(`the process ended at point ${this.at}`);
  }
}
