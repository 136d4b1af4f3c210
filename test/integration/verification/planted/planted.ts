import { idOf } from '../../../support/fixtures.js';
import type { Installation } from '../installation.js';

/** A fault, and how a verification has to tell of it. */
export interface Planted {
  readonly check: string;
  readonly fault: string;
  /** Into the log, before everybody has come to its end. */
  readonly log?: (installation: Installation) => void;
  /** Into the tables, after that. */
  readonly tables?: (installation: Installation) => Promise<unknown>;
  readonly where: string;
  readonly text: RegExp;
}

/** An order that nobody knows. */
export const stranger = idOf('order', 9);

/** A fault that is one statement. */
export const query =
  (sql: string, ...params: readonly unknown[]) =>
  ({ ground }: Installation) =>
    ground.database.query(sql, params);
