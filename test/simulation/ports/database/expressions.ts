import type { Expr, ExprRef, SelectStatement } from 'pgsql-ast-parser';
import { existsInList, memberOf } from './json.js';
import { columnIndex, type Row, type Table } from './tables.js';
import { coerce, type SqlType, typeNamed, type Value } from './values.js';

/** What an expression sees when it is evaluated. */
export interface Environment {
  readonly params: readonly unknown[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** One row for each table in scope; set anew for each row that is looked at. */
  rows: readonly Row[];
}

export interface Compiled {
  readonly type: SqlType;
  readonly evaluate: (environment: Environment) => Value;
}

/** A table under the name that the statement knows it by. */
export interface Named {
  readonly alias: string;
  readonly table: Table;
}

export interface Scope {
  readonly tables: readonly Named[];
  /** Runs a query inside an expression and answers its first column. */
  readonly subquery?: (statement: SelectStatement) => {
    type: SqlType;
    run: (environment: Environment) => readonly Value[];
  };
}

/** Turns an expression into a function; what it does not know it says by name. */
export function compile(expression: Expr, scope: Scope): Compiled {
  switch (expression.type) {
    case 'parameter': {
      const index = Number(expression.name.slice(1)) - 1;
      return { type: 'unknown', evaluate: ({ params }) => (params[index] ?? null) as Value };
    }
    case 'integer':
    case 'numeric':
      return constant('number', expression.value);
    case 'string':
      return constant('unknown', expression.value);
    case 'boolean':
      return constant('boolean', expression.value);
    case 'null':
      return constant('unknown', null);
    case 'ref':
      return reference(expression, scope);
    case 'cast': {
      if (expression.to.kind === 'array') {
        const of = expression.to.arrayOf;
        if (of.kind === 'array') throw new Error('the simulated database has no arrays of arrays');
        return as(compile(expression.operand, scope), typeNamed(of.name));
      }
      return as(compile(expression.operand, scope), typeNamed(expression.to.name));
    }
    case 'unary': {
      const { evaluate } = compile(expression.operand, scope);
      switch (expression.op) {
        case 'IS NULL':
          return { type: 'boolean', evaluate: (environment) => evaluate(environment) === null };
        case 'IS NOT NULL':
          return { type: 'boolean', evaluate: (environment) => evaluate(environment) !== null };
        case 'NOT':
          return {
            type: 'boolean',
            evaluate: (environment) => {
              const value = evaluate(environment);
              return value === null ? null : !value;
            },
          };
        default:
          throw new Error(`the simulated database knows no ${expression.op}`);
      }
    }
    case 'binary':
      return binary(expression.op, expression.left, expression.right, scope);
    case 'member':
      return memberOf(expression, scope, compile);
    case 'call':
      if (expression.function.name === 'exists') return existsInList(expression, scope, compile);
      return call(
        expression.function.name,
        expression.args.map((argument) => compile(argument, scope)),
      );
    case 'case': {
      const whens = expression.whens.map(({ when, value }) => ({
        when: compile(when, scope),
        value: compile(value, scope),
      }));
      const otherwise = expression.else ? compile(expression.else, scope) : constant('unknown', null);
      return {
        type: whens[0]?.value.type ?? 'unknown',
        evaluate: (environment) =>
          (whens.find(({ when }) => when.evaluate(environment) === true)?.value ?? otherwise).evaluate(environment),
      };
    }
    default:
      throw new Error(`the simulated database knows no expression of kind ${expression.type}`);
  }
}

const constant = (type: SqlType, value: Value): Compiled => ({ type, evaluate: () => value });

/** The same, of a type: what had none yet is read as one. */
export const as = ({ type: from, evaluate }: Compiled, type: SqlType): Compiled =>
  from === type
    ? { type, evaluate }
    : {
        type,
        evaluate: (environment) => {
          const value = evaluate(environment);
          return type === 'time' && value === 'now' ? environment.now : coerce(value, type);
        },
      };

function reference({ name, table }: ExprRef, { tables }: Scope): Compiled {
  for (const [place, { alias, table: of }] of tables.entries()) {
    if (table !== undefined && table.name !== alias) continue;
    // whether a row was inserted or met another one: the last column that a statement's own rows carry
    const index = name === 'xmax' ? of.columns.length : columnIndex(of, name);
    if (index < 0) continue;
    const type = of.columns[index]?.type ?? 'number';
    return { type, evaluate: ({ rows }) => rows[place]?.[index] ?? null };
  }
  throw new Error(`the simulated database finds no column ${name}`);
}

function binary(op: string, leftSide: Expr, rightSide: Expr, scope: Scope): Compiled {
  if (op === 'AND' || op === 'OR') return logical(op, leftSide, rightSide, scope);
  if (op === 'IN' && rightSide.type === 'select') return within(leftSide, rightSide, scope);
  if (op === '=' && rightSide.type === 'call' && rightSide.function.name === 'any') {
    const left = compile(leftSide, scope);
    const [list] = rightSide.args.map((argument) => as(compile(argument, scope), left.type));
    return {
      type: 'boolean',
      evaluate: (environment) =>
        ((list?.evaluate(environment) ?? []) as readonly Value[]).includes(left.evaluate(environment)),
    };
  }
  let left = compile(leftSide, scope);
  let right = compile(rightSide, scope);
  if (op === '*' || op === '+' || op === '-') return arithmetic(op, left, right);
  if (left.type === 'unknown') left = as(left, right.type);
  else if (right.type === 'unknown' || right.type !== left.type) right = as(right, left.type);
  const compare = COMPARISONS[op];
  if (!compare) throw new Error(`the simulated database knows no operator ${op}`);
  return {
    type: 'boolean',
    evaluate: (environment) => {
      const a = left.evaluate(environment);
      const b = right.evaluate(environment);
      return a === null || b === null ? null : compare(a, b);
    },
  };
}

const COMPARISONS: Readonly<Record<string, (a: NonNullable<Value>, b: NonNullable<Value>) => boolean>> = {
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

function logical(op: 'AND' | 'OR', leftSide: Expr, rightSide: Expr, scope: Scope): Compiled {
  const left = compile(leftSide, scope);
  const right = compile(rightSide, scope);
  const decisive = op === 'OR';
  return {
    type: 'boolean',
    evaluate: (environment) => {
      const a = left.evaluate(environment);
      if (a === decisive) return decisive;
      const b = right.evaluate(environment);
      if (b === decisive) return decisive;
      return a === null || b === null ? null : !decisive;
    },
  };
}

function within(leftSide: Expr, statement: SelectStatement, scope: Scope): Compiled {
  if (!scope.subquery) throw new Error('the simulated database has no subqueries here');
  const left = compile(leftSide, scope);
  const { run } = scope.subquery(statement);
  // the same for every row of a statement: run once for each evaluation of the statement, kept by its environment
  let kept: { readonly params: readonly unknown[]; readonly values: ReadonlySet<Value> } | undefined;
  return {
    type: 'boolean',
    evaluate: (environment) => {
      if (kept?.params !== environment.params) kept = { params: environment.params, values: new Set(run(environment)) };
      return kept.values.has(left.evaluate(environment));
    },
  };
}

function arithmetic(op: '*' | '+' | '-', left: Compiled, right: Compiled): Compiled {
  const isTime = left.type === 'time' || right.type === 'time';
  const isInterval = left.type === 'interval' || right.type === 'interval';
  const type = isTime ? 'time' : isInterval ? 'interval' : 'number';
  const number = ({ type: of, evaluate }: Compiled) =>
    as({ type: of, evaluate }, of === 'unknown' ? 'number' : of).evaluate;
  const a = number(left);
  const b = number(right);
  return {
    type,
    evaluate: (environment) => {
      const x = a(environment) as number | null;
      const y = b(environment) as number | null;
      if (x === null || y === null) return null;
      return op === '*' ? x * y : op === '+' ? x + y : x - y;
    },
  };
}

function call(name: string, args: readonly Compiled[]): Compiled {
  const type = args.find((argument) => argument.type !== 'unknown')?.type ?? 'unknown';
  const typed = args.map((argument) => as(argument, type));
  const present = (environment: Environment): NonNullable<Value>[] =>
    typed.map(({ evaluate }) => evaluate(environment)).filter((value) => value !== null);
  switch (name) {
    case 'now':
      return { type: 'time', evaluate: ({ now }) => now };
    case 'greatest':
      return { type, evaluate: (environment) => extreme(present(environment), (a, b) => a > b) };
    case 'least':
      return { type, evaluate: (environment) => extreme(present(environment), (a, b) => a < b) };
    case 'coalesce':
      return { type, evaluate: (environment) => present(environment)[0] ?? null };
    case 'starts_with':
      return {
        type: 'boolean',
        evaluate: (environment) => {
          const [text, start] = typed.map(({ evaluate }) => evaluate(environment));
          return typeof text === 'string' && typeof start === 'string' ? text.startsWith(start) : null;
        },
      };
    default:
      throw new Error(`the simulated database knows no function ${name}`);
  }
}

const extreme = (
  values: readonly NonNullable<Value>[],
  better: (a: NonNullable<Value>, b: NonNullable<Value>) => boolean,
): Value => values.reduce<Value>((best, value) => (best === null || better(value, best) ? value : best), null);
