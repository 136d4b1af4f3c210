import type {
  DeleteStatement,
  Expr,
  InsertStatement,
  SelectedColumn,
  SelectFromStatement,
  SelectStatement,
  Statement,
  UpdateStatement,
} from 'pgsql-ast-parser';
import { as, compile, type Compiled, type Environment, type Named, type Scope } from './expressions.js';
import { assertComplete, columnIndex, type Row, type Table } from './tables.js';
import { type SqlType, toDriver, type Value } from './values.js';

/** The rows of a transaction's view of one table, and what a statement may do with them. */
export interface Rows {
  /** What the transaction sees, its own changes among it. */
  visible(): Iterable<Row>;
  /** The visible row of a primary key. */
  byKey(key: string): Row | undefined;
  /** The visible row that has one of this row's unique keys. */
  meeting(row: Row): Row | undefined;
  /** Whether another transaction has changed the row, or has inserted one with its key, and has not ended yet. */
  isLocked(row: Row): boolean;
  put(row: Row): void;
  remove(row: Row): void;
  nextNumber(): number;
}

export interface Execution {
  readonly params: readonly unknown[];
  readonly now: number;
  rows(table: Table): Rows;
}

export interface Result {
  readonly rows: Record<string, unknown>[];
  readonly rowCount: number;
}

/** The statement waits for another transaction and is to be executed again when that has ended. */
export const BLOCKED = Symbol('blocked');
export type Plan = (execution: Execution) => Result | typeof BLOCKED;

type Tables = ReadonlyMap<string, Table>;

/** Prepares a statement. @throws Error for what the simulated database does not know */
export function planOf(statement: Statement, tables: Tables): Plan {
  switch (statement.type) {
    case 'select':
      return selectPlan(statement, tables);
    case 'insert':
      return insertPlan(statement, tables);
    case 'update':
      return updatePlan(statement, tables);
    case 'delete':
      return deletePlan(statement, tables);
    default:
      throw new Error(`the simulated database cannot ${statement.type}`);
  }
}

const tableNamed = (tables: Tables, name: string): Table => {
  const table = tables.get(name);
  if (!table) throw new Error(`the simulated database has no table ${name}`);
  return table;
};

const environmentOf = ({ params, now }: Execution, ...rows: readonly Row[]): Environment => ({ params, now, rows });

interface Output {
  readonly name: string;
  readonly compiled: Compiled;
}

function outputsOf(columns: readonly SelectedColumn[], scope: Scope): readonly Output[] {
  return columns.flatMap(({ expr, alias }): Output[] => {
    if (expr.type === 'ref' && expr.name === '*') {
      return (scope.tables[0]?.table.columns ?? []).map(({ name }) => ({
        name,
        compiled: compile({ type: 'ref', name }, scope),
      }));
    }
    const name = alias?.name ?? nameOf(expr);
    return [{ name, compiled: compile(expr, scope) }];
  });
}

/** As PostgreSQL names a column of its own accord. */
function nameOf(expression: Expr): string {
  if (expression.type === 'cast') return nameOf(expression.operand);
  return expression.type === 'ref'
    ? expression.name
    : expression.type === 'call'
      ? expression.function.name
      : '?column?';
}

function present(outputs: readonly Output[], environment: Environment): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const { name, compiled } of outputs) row[name] = toDriver(compiled.evaluate(environment), compiled.type);
  return row;
}

interface Selection {
  readonly scope: Scope;
  readonly find: (execution: Execution) => readonly Row[];
}

function selection(statement: SelectFromStatement, tables: Tables): Selection {
  const [from, more] = statement.from ?? [];
  if (more) throw new Error('the simulated database joins no tables');
  if (!from) return { scope: { tables: [] }, find: () => [[]] };
  if (from.type !== 'table') throw new Error(`the simulated database selects nothing from a ${from.type}`);
  const table = tableNamed(tables, from.name.name);
  const scope: Scope = { tables: [{ alias: from.name.alias ?? table.name, table }], subquery: subqueries(tables) };
  const matching = finder({ alias: table.name, table }, statement.where, scope);
  const order = (statement.orderBy ?? []).map(({ by, order: way }) => ({
    ...compile(by, scope),
    descending: way === 'DESC',
  }));
  const limit = statement.limit?.limit ? as(compile(statement.limit.limit, scope), 'number') : undefined;
  return {
    scope,
    find: (execution) => {
      const skips = statement.skip?.type === 'skip locked';
      const rows = execution.rows(table);
      const found = matching(execution).filter((row) => !skips || !rows.isLocked(row));
      if (order.length > 0) found.sort((a, b) => compareRows(order, execution, a, b));
      const most = limit?.evaluate(environmentOf(execution));
      return typeof most === 'number' ? found.slice(0, most) : found;
    },
  };
}

function compareRows(
  order: readonly (Compiled & { readonly descending: boolean })[],
  execution: Execution,
  a: Row,
  b: Row,
): number {
  for (const { evaluate, descending } of order) {
    const x = evaluate(environmentOf(execution, a));
    const y = evaluate(environmentOf(execution, b));
    if (x === y) continue;
    // nulls come last
    const less = y === null || (x !== null && x < y);
    return less !== descending ? -1 : 1;
  }
  return 0;
}

const subqueries =
  (tables: Tables): NonNullable<Scope['subquery']> =>
  (statement: SelectStatement) => {
    if (statement.type !== 'select')
      throw new Error(`the simulated database has no subqueries of kind ${statement.type}`);
    const { scope, find } = selection(statement, tables);
    const [output] = outputsOf(statement.columns ?? [], scope);
    if (!output) throw new Error('a subquery selects nothing');
    return {
      type: output.compiled.type,
      run: (environment) => {
        const execution = (environment as SubqueryEnvironment).execution;
        return find(execution).map((row) => output.compiled.evaluate(environmentOf(execution, row)));
      },
    };
  };

/** An environment that subqueries can be run in. */
interface SubqueryEnvironment extends Environment {
  readonly execution: Execution;
}

/** Finds the rows that a condition holds for: by their key, where it names one, else by looking at all. */
function finder(named: Named, where: Expr | null | undefined, scope: Scope): (execution: Execution) => readonly Row[] {
  const { table } = named;
  const condition = where ? compile(where, scope) : undefined;
  const key = where ? keyWanted(where, table, scope) : undefined;
  return (execution) => {
    const { params, now } = execution;
    const environment: SubqueryEnvironment = { params, now, rows: [], execution };
    const holds = (row: Row): boolean => {
      if (!condition) return true;
      environment.rows = [row];
      return condition.evaluate(environment) === true;
    };
    const rows = execution.rows(table);
    if (key) {
      const row = rows.byKey(String(key.evaluate(environment)));
      return row && holds(row) ? [row] : [];
    }
    const found: Row[] = [];
    for (const row of rows.visible()) if (holds(row)) found.push(row);
    return found;
  };
}

/** What the primary key must be for the condition to hold; undefined where it does not say. */
function keyWanted(where: Expr, table: Table, scope: Scope): Compiled | undefined {
  if (where.type !== 'binary') return undefined;
  if (where.op === 'AND') return keyWanted(where.left, table, scope) ?? keyWanted(where.right, table, scope);
  const [primary = []] = table.unique;
  const [column] = primary;
  if (where.op !== '=' || primary.length !== 1 || column === undefined) return undefined;
  const { name, type = 'text' } = table.columns[column] ?? {};
  return where.left.type === 'ref' && where.left.name === name && where.right.type === 'parameter'
    ? as(compile(where.right, scope), type)
    : undefined;
}

function selectPlan(statement: SelectStatement, tables: Tables): Plan {
  if (statement.type !== 'select') throw new Error(`the simulated database cannot ${statement.type}`);
  const { scope, find } = selection(statement, tables);
  const outputs = outputsOf(statement.columns ?? [], scope);
  const distinct = statement.distinct === 'distinct';
  return (execution) => {
    let rows = find(execution).map((row) => present(outputs, environmentOf(execution, row)));
    if (distinct) rows = [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()];
    return { rows, rowCount: rows.length };
  };
}

/** What an INSERT inserts: rows of values for the columns that it names. */
function sourceOf({ insert }: InsertStatement, types: readonly SqlType[]): (execution: Execution) => readonly Row[] {
  const typed = (expression: Expr, index: number) => as(compile(expression, { tables: [] }), types[index] ?? 'unknown');
  if (insert.type === 'values') {
    const compiled = insert.values.map((row) => row.map(typed));
    return (execution) => compiled.map((row) => row.map(({ evaluate }) => evaluate(environmentOf(execution))));
  }
  const [from] = insert.type === 'select' ? (insert.from ?? []) : [];
  if (insert.type !== 'select' || from?.type !== 'call' || from.function.name !== 'unnest') {
    throw new Error('the simulated database inserts values and unnested arrays');
  }
  // what stands before the star is the same in every row
  const before = (insert.columns ?? []).slice(0, -1).map(({ expr }, index) => typed(expr, index));
  const arrays = from.args.map((argument, index) => typed(argument, before.length + index));
  return (execution) => {
    const environment = environmentOf(execution);
    const fixed = before.map(({ evaluate }) => evaluate(environment));
    const columns = arrays.map(({ evaluate }) => evaluate(environment) as readonly Value[]);
    return (columns[0] ?? []).map((_, row) => [...fixed, ...columns.map((column) => column[row] ?? null)]);
  };
}

function insertPlan(statement: InsertStatement, tables: Tables): Plan {
  const table = tableNamed(tables, statement.into.name);
  const alias = statement.into.alias ?? table.name;
  const targets = (statement.columns ?? []).map(({ name }) => columnIndex(table, name));
  const source = sourceOf(
    statement,
    targets.map((target) => table.columns[target]?.type ?? 'unknown'),
  );
  const fallbacks = table.columns.map(({ fallback, type }) =>
    fallback ? as(compile(fallback, { tables: [] }), type) : undefined,
  );
  const both: Scope = {
    tables: [
      { alias, table },
      { alias: 'excluded', table },
    ],
  };
  const { onConflict } = statement;
  const change = onConflict && onConflict.do !== 'do nothing' ? changesOf(onConflict.do.sets, table, both) : undefined;
  const where = onConflict?.where ? compile(onConflict.where, both) : undefined;
  const outputs = outputsOf(statement.returning ?? [], { tables: [{ alias, table }] });

  return (execution) => {
    const rows = execution.rows(table);
    const changed: Row[] = [];
    const news = source(execution).map((values) => {
      const row: Value[] = table.columns.map(({ generated }, index) =>
        generated ? rows.nextNumber() : (fallbacks[index]?.evaluate(environmentOf(execution)) ?? null),
      );
      targets.forEach((target, index) => (row[target] = values[index] ?? null));
      assertComplete(table, row);
      return row;
    });
    if (news.some((row) => rows.isLocked(rows.meeting(row) ?? row) && (change || !rows.meeting(row)))) return BLOCKED;
    for (const row of news) {
      const met = rows.meeting(row);
      if (!met) {
        rows.put(row);
        changed.push([...row, 0]);
      } else if (!onConflict) {
        throw new Error(`a row of ${table.name} is there already`);
      } else if (change) {
        const environment = environmentOf(execution, met, row);
        if (where && where.evaluate(environment) !== true) continue;
        const next = change(met, environment);
        rows.put(next);
        changed.push([...next, 1]);
      }
    }
    return {
      rows: outputs.length === 0 ? [] : changed.map((row) => present(outputs, environmentOf(execution, row))),
      rowCount: changed.length,
    };
  };
}

type Change = (row: Row, environment: Environment) => Row;

function changesOf(sets: readonly { column: { name: string }; value: Expr }[], table: Table, scope: Scope): Change {
  const compiled = sets.map(({ column, value }) => {
    const index = columnIndex(table, column.name);
    return { index, value: as(compile(value, scope), table.columns[index]?.type ?? 'unknown') };
  });
  return (row, environment) => {
    const next = [...row];
    for (const { index, value } of compiled) next[index] = value.evaluate(environment);
    return next;
  };
}

const matchingRows = (named: Named, where: Expr | null | undefined, tables: Tables) =>
  finder(named, where, { tables: [named], subquery: subqueries(tables) });

function updatePlan(statement: UpdateStatement, tables: Tables): Plan {
  const table = tableNamed(tables, statement.table.name);
  const named = { alias: statement.table.alias ?? table.name, table };
  const matching = matchingRows(named, statement.where, tables);
  const change = changesOf(statement.sets, table, { tables: [named] });
  const outputs = outputsOf(statement.returning ?? [], { tables: [named] });
  return (execution) => {
    const rows = execution.rows(table);
    const found = matching(execution);
    if (found.some((row) => rows.isLocked(row))) return BLOCKED;
    const changed = found.map((row) => change(row, environmentOf(execution, row)));
    changed.forEach((row) => rows.put(row));
    return {
      rows: outputs.length === 0 ? [] : changed.map((row) => present(outputs, environmentOf(execution, row))),
      rowCount: changed.length,
    };
  };
}

function deletePlan(statement: DeleteStatement, tables: Tables): Plan {
  const table = tableNamed(tables, statement.from.name);
  const matching = matchingRows({ alias: statement.from.alias ?? table.name, table }, statement.where, tables);
  return (execution) => {
    const rows = execution.rows(table);
    const found = matching(execution);
    if (found.some((row) => rows.isLocked(row))) return BLOCKED;
    found.forEach((row) => rows.remove(row));
    return { rows: [], rowCount: found.length };
  };
}
