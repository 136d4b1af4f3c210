/** The end of a process, in mid-air. */
export class Crash extends Error {
  override readonly name = 'Crash';
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
  constructor(private readonly at = Number.POSITIVE_INFINITY) {}

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
