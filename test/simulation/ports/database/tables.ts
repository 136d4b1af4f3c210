import type { CreateColumnDef, DataTypeDef, Expr, Statement } from 'pgsql-ast-parser';
import { DatabaseRejected } from '../../../../src/subscriptions/ports/database.js';
import { type SqlType, typeNamed, type Value } from './values.js';

export interface Column {
  readonly name: string;
  readonly type: SqlType;
  readonly notNull: boolean;
  readonly fallback: Expr | undefined;
  readonly generated: boolean;
}

/** A row: values in the order of the table's columns. Never changed in place. */
export type Row = readonly Value[];

/** One table's definition. */
export interface Table {
  readonly name: string;
  readonly columns: Column[];
  /** Sets of columns that are unique, the primary key first where there is one. */
  readonly unique: number[][];
}

export const columnIndex = (table: Table, name: string): number =>
  table.columns.findIndex((column) => column.name === name);

const typeOf = (type: DataTypeDef): SqlType => {
  if (type.kind === 'array') throw new Error('the simulated database has no array columns');
  return typeNamed(type.name);
};

/** The tables that DDL makes, by name. Indexes say nothing here unless they are unique. */
export function tablesOf(statements: readonly Statement[]): ReadonlyMap<string, Table> {
  const tables = new Map<string, Table>();
  const named = (name: string): Table => {
    const table = tables.get(name);
    if (!table) throw new Error(`the simulated database has no table ${name}`);
    return table;
  };
  for (const statement of statements) {
    switch (statement.type) {
      case 'create table': {
        const table: Table = { name: statement.name.name, columns: [], unique: [] };
        tables.set(table.name, table);
        for (const column of statement.columns) {
          if (column.kind !== 'column') throw new Error(`the simulated database cannot make ${column.kind}`);
          addColumn(table, column);
        }
        for (const constraint of statement.constraints ?? []) {
          if (constraint.type !== 'primary key' && constraint.type !== 'unique') continue;
          table.unique.push(constraint.columns.map((column) => columnIndex(table, column.name)));
        }
        break;
      }
      case 'alter table':
        for (const change of statement.changes) {
          if (change.type === 'add column') addColumn(named(statement.table.name), change.column);
          else throw new Error(`the simulated database cannot ${change.type} (${statement.table.name})`);
        }
        break;
      case 'create index':
        if (!statement.unique) break;
        named(statement.table.name).unique.push(
          statement.expressions.map(({ expression }) =>
            columnIndex(named(statement.table.name), expression.type === 'ref' ? expression.name : ''),
          ),
        );
        break;
      default:
        throw new Error(`the simulated database cannot ${statement.type}`);
    }
  }
  return tables;
}

function addColumn(table: Table, { name, dataType, constraints = [] }: CreateColumnDef): void {
  const fallback = constraints.find((constraint) => constraint.type === 'default');
  table.columns.push({
    name: name.name,
    type: typeOf(dataType),
    notNull: constraints.some(({ type }) => type === 'not null' || type === 'primary key'),
    fallback: fallback?.type === 'default' ? fallback.default : undefined,
    generated: constraints.some(({ type }) => type === 'add generated'),
  });
  if (constraints.some(({ type }) => type === 'primary key' || type === 'unique')) {
    table.unique.push([table.columns.length - 1]);
  }
}

/** @throws DatabaseRejected as PostgreSQL would, when a column that must hold something holds nothing */
export function assertComplete(table: Table, row: Row): void {
  table.columns.forEach(({ name, notNull }, index) => {
    if (!notNull || row[index] !== null) return;
    throw new DatabaseRejected(`null value in column "${name}" of "${table.name}"`, {
      sqlState: '23502',
      table: table.name,
    });
  });
}

/** The key of a row under one of the unique sets; undefined where a part of it is null, for nulls never meet. */
export function keyOf(columns: readonly number[], row: Row): string | undefined {
  if (columns.length === 1) {
    const value = row[columns[0] ?? 0];
    return value == null ? undefined : String(value);
  }
  let key = '';
  for (const column of columns) {
    const value = row[column];
    if (value == null) return undefined;
    key += `${String(value).length}:${String(value)}`;
  }
  return key;
}
