import type { EventLog } from '../log/eventLog.js';
import { DEFINITIONS } from './definitions.js';
import { Projection } from './projection.js';

/** The system projections of a node. */
export class Projections {
  private readonly byName: ReadonlyMap<string, Projection>;

  /** @param report told of a projection that cannot go on */
  constructor(log: EventLog, report: (fault: unknown) => void) {
    this.byName = new Map(DEFINITIONS.map((definition) => [definition.name, new Projection(definition, log, report)]));
  }

  all(): readonly Projection[] {
    return [...this.byName.values()];
  }

  find(name: string): Projection | undefined {
    return this.byName.get(name);
  }

  begin(): void {
    for (const projection of this.all()) projection.begin();
  }

  async restart(): Promise<void> {
    await Promise.all(this.all().map((projection) => projection.restart()));
  }

  /** Resolves when no projection writes any more. */
  async close(): Promise<void> {
    await Promise.all(this.all().map((projection) => projection.halt()));
  }
}
