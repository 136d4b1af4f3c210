/** An outside component as the house uses it, embedded or real. */
export interface Component {
  /** For people: `embedded PostgreSQL 18 in data/postgres`, or `PostgreSQL at db:5432`. */
  readonly describe: string;
  /** Resolves when it answers; absent: it needs no asking of its own. */
  readonly answers?: () => Promise<void>;
  /** Ends it, or lets go of it. */
  stop(): Promise<void>;
}

/** Host and port of a URL for people: no user, no password. */
export function placeOf(url: string): string {
  const authority = /^[a-z+]+:\/\/(?:[^@/]*@)?([^/?#]+)/i.exec(url)?.[1];
  return authority ?? 'a hidden address';
}
