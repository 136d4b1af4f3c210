import { advance, type Lease } from '../checkpoints.js';
import { type HeldBack, loadHeldBack, park, type ParkedItem } from '../parked.js';
import type { Database } from '../ports/database.js';

/** What a reactor holds back, and what it is just parking. */
export class Parks {
  private heldBack: HeldBack | undefined;
  /** Events that were begun to be parked, and those of them that are not parked yet. */
  private begun = 0;
  private open = 0;

  constructor(
    private readonly database: Database,
    private readonly runner: string,
  ) {}

  /** Begins to go by what is parked. */
  async load(): Promise<void> {
    this.heldBack = await loadHeldBack(this.database, this.runner);
  }

  get isEmpty(): boolean {
    return this.heldBack?.isEmpty ?? true;
  }

  /** Whether an event of the stream and the key waits behind one that is parked. */
  holdBack(stream: string, key: string): boolean {
    return this.heldBack?.has(stream, key) ?? false;
  }

  /** How many events were begun to be parked, and whether none is just being parked. */
  parking(): { readonly begun: number; readonly atRest: boolean } {
    return { begun: this.begun, atRest: this.open === 0 };
  }

  /** Goes by what is parked by now unless something was parked since `begun`; says whether it does. */
  async release(begun: number): Promise<boolean> {
    const heldBack = await loadHeldBack(this.database, this.runner);
    if (this.begun !== begun) return false;
    this.heldBack = heldBack;
    return true;
  }

  /** Parks an event, under the lease that allows it. */
  async park(parked: ParkedItem, lease: Lease, retried: (work: () => Promise<void>) => Promise<void>): Promise<void> {
    this.begun += 1;
    this.open += 1;
    try {
      await retried(() =>
        this.database.transaction(async (transaction) => {
          await park(transaction, this.runner, [parked]);
          await advance(transaction, lease, { position: null });
        }),
      );
      this.heldBack = this.heldBack?.and([parked]);
    } finally {
      this.open -= 1;
    }
  }
}
