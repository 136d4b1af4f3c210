/** The end of a process, in mid-air. */
export class Crash extends Error {
  override readonly name = 'Crash';
  /** What is left of the process may go on trying: nothing comes of it. */
  readonly isSystemFault = true;
}

/** Whether a process ends at a point: by its name (`before …`, `after …`), or by how many it has passed, this one counted. */
export type EndsAt = (point: string, passed: number) => boolean;

/**
 * Ends one incarnation of a process at one of the points before and after everything that it does to the outside world.
 * Once it is dead, nothing that it still attempts has any effect.
 */
export class Fuse {
  /** Points passed so far. */
  passed = 0;
  #dead = false;
  #endsAt: EndsAt;

  /** @param at the point at which it ends, counted from 1, or told by its name; by default it lives on */
  constructor(at: number | EndsAt = Number.POSITIVE_INFINITY) {
    this.#endsAt = endingAt(at);
  }

  /** From here on counts anew, and ends the process at that point. */
  arm(at: number | EndsAt): void {
    this.passed = 0;
    this.#endsAt = endingAt(at);
  }

  get blown(): boolean {
    return this.#dead;
  }

  /**
   * Does something to the outside world, unless the process ends just before; or it ends just afterwards.
   *
   * @param what names the effect, where points are told by name
   */
  async through<T>(effect: () => Promise<T>, what = ''): Promise<T> {
    this.#point(`before ${what}`);
    const result = await effect();
    this.#point(`after ${what}`);
    return result;
  }

  #point(name: string): void {
    if (!this.#dead) {
      this.passed += 1;
      this.#dead = this.#endsAt(name, this.passed);
    }
    if (this.#dead) throw new Crash(`the process ended at point ${this.passed}: ${name}`);
  }
}

const endingAt = (at: number | EndsAt): EndsAt => (typeof at === 'number' ? (_, passed) => passed === at : at);
