/**
 * The tables of one read model, as its `schema.ts` declares them. Every version has tables of its own (put the version
 * into their names, `order_view_v2`), so that version N+1 can be built beside N while N serves.
 */
export interface ReadModelSchema {
  /** The read model's name, for example `orders`. */
  readonly name: string;
  /** A positive integer; (name, version) is created once and never altered afterwards. */
  readonly version: number;
  /** DDL statements, run in order inside one transaction. */
  readonly statements: readonly string[];
}
