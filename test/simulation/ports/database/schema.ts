import { readdirSync } from 'node:fs';
import type { MigrationBuilder } from 'node-pg-migrate';
import { parse } from 'pgsql-ast-parser';
import { READ_MODELS } from '../../../../src/main/roles/projections.js';
import { type Table, tablesOf } from './tables.js';

const MIGRATIONS = new URL('../../../../src/infrastructure/postgres/migrations/', import.meta.url);

/** The tables as the program's own migrations and read models declare them, whatever is added to either. */
export async function programTables(): Promise<ReadonlyMap<string, Table>> {
  const statements: string[] = [];
  const builder = { sql: (text: string) => void statements.push(text) } as unknown as MigrationBuilder;
  for (const file of readdirSync(MIGRATIONS).sort()) {
    const migration = (await import(new URL(file, MIGRATIONS).href)) as { up: (pgm: MigrationBuilder) => void };
    migration.up(builder);
  }
  statements.push(...READ_MODELS.flatMap((model) => model.statements));
  return tablesOf(statements.flatMap((text) => parse(text)));
}
