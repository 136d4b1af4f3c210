import type { Expr, ExprCall, ExprMember } from 'pgsql-ast-parser';
import type { Compiled, Scope } from './expressions.js';
import type { Table } from './tables.js';
import type { Value } from './values.js';

type Compile = (expression: Expr, scope: Scope) => Compiled;

const parsed = (value: Value): unknown => (value === null ? null : (JSON.parse(value as string) as unknown));

/** A member of a JSON object, as JSON (`->`) or as text (`->>`). */
export function memberOf({ operand, op, member }: ExprMember, scope: Scope, compile: Compile): Compiled {
  const { evaluate } = compile(operand, scope);
  return {
    type: op === '->>' ? 'text' : 'json',
    evaluate: (environment) => {
      const found = (parsed(evaluate(environment)) as Readonly<Record<string, unknown>> | null)?.[member] ?? null;
      if (found === null) return null;
      return op === '->>' && typeof found === 'string' ? found : JSON.stringify(found);
    },
  };
}

/** `EXISTS (SELECT FROM json_array_elements(…) AS element WHERE …)`: whether the condition holds for a member of a JSON list in the row. */
export function existsInList({ args: [query] }: ExprCall, scope: Scope, compile: Compile): Compiled {
  const from = query?.type === 'select' ? query.from?.[0] : undefined;
  const [list] = from?.type === 'call' && from.function.name === 'json_array_elements' ? from.args : [];
  if (query?.type !== 'select' || from?.type !== 'call' || list === undefined || !query.where) {
    throw new Error('the simulated database looks for what exists in a JSON list alone');
  }
  const name = from.alias?.name ?? 'value';
  const column = { name, type: 'json', notNull: true, fallback: undefined, generated: false } as const;
  const element: Table = { name, columns: [column], unique: [] };
  const members = compile(list, scope);
  const where = compile(query.where, { ...scope, tables: [...scope.tables, { alias: name, table: element }] });
  return {
    type: 'boolean',
    evaluate: (environment) => {
      const all = (parsed(members.evaluate(environment)) ?? []) as readonly unknown[];
      return all.some(
        (one) => where.evaluate({ ...environment, rows: [...environment.rows, [JSON.stringify(one)]] }) === true,
      );
    },
  };
}
