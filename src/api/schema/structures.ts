import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { kindOf } from './primitives.js';
import { type Fault, failure, type JsonSchema, type Schema, type TypeOfSchema } from './schema.js';

type Properties = Readonly<Record<string, Schema<unknown>>>;
type Flatten<T> = { readonly [K in keyof T]: T[K] };
type ObjectOf<Required extends Properties, Optional extends Properties> = Flatten<
  { [K in keyof Required]: TypeOfSchema<Required[K]> } & { [K in keyof Optional]?: TypeOfSchema<Optional[K]> }
>;

/**
 * An object with exactly these properties: a missing or an unknown one is an error with a pointer, and the errors of all
 * properties are reported together. Whatever is not named never reaches the program.
 */
export function object<Required extends Properties, Optional extends Properties = Record<never, never>>(
  required: Required,
  optional: Optional = {} as Optional,
): Schema<ObjectOf<Required, Optional>> {
  const known = new Map<string, { schema: Schema<unknown>; needed: boolean }>([
    ...Object.entries(required).map(([key, schema]) => [key, { schema, needed: true }] as const),
    ...Object.entries(optional).map(([key, schema]) => [key, { schema, needed: false }] as const),
  ]);
  const self = structure<ObjectOf<Required, Optional>>('object', (value, context) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return failure(value, context, { code: 'wrong-type', text: `must be an object, not ${kindOf(value)}` });
    }
    const source = value as Record<string, unknown>;
    const errors: t.ValidationError[] = [];
    const result: Record<string, unknown> = {};
    for (const key of Object.keys(source)) {
      if (known.has(key)) continue;
      collect(errors, failure(source[key], at(context, key, source[key]), UNKNOWN_PROPERTY));
    }
    for (const [key, { schema, needed }] of known) {
      if (!Object.hasOwn(source, key)) {
        if (needed) collect(errors, failure(undefined, at(context, key, undefined), MISSING));
        continue;
      }
      const decoded = schema.codec.validate(source[key], at(context, key, source[key]));
      if (E.isRight(decoded)) result[key] = decoded.right;
      else collect(errors, decoded);
    }
    return errors.length > 0 ? t.failures(errors) : t.success(result as ObjectOf<Required, Optional>);
  });
  const json: JsonSchema = {
    type: 'object',
    properties: Object.fromEntries([...known].map(([key, { schema }]) => [key, referTo(schema)])),
    required: Object.keys(required),
    additionalProperties: false,
  };
  return { codec: self, json, parts: [...known.values()].map(({ schema }) => schema) };
}

/** A list with `min` to `max` items; the errors of all items are reported together. */
export function list<A>(
  item: Schema<A>,
  bounds: { readonly min?: number; readonly max?: number } = {},
): Schema<readonly A[]> {
  const { min = 0, max } = bounds;
  const self = structure<readonly A[]>('list', (value, context) => {
    if (!Array.isArray(value)) {
      return failure(value, context, { code: 'wrong-type', text: `must be a list, not ${kindOf(value)}` });
    }
    if (value.length < min)
      return failure(value, context, { code: 'too-few-items', text: `must have at least ${min}` });
    // not read item by item: somebody who sends a million of them is told once
    if (max !== undefined && value.length > max) {
      return failure(value, context, { code: 'too-many-items', text: `must have at most ${max}, not ${value.length}` });
    }
    const errors: t.ValidationError[] = [];
    const result: A[] = [];
    value.forEach((entry: unknown, index) => {
      const decoded = item.codec.validate(entry, at(context, String(index), entry));
      if (E.isRight(decoded)) result.push(decoded.right);
      else collect(errors, decoded);
    });
    return errors.length > 0 ? t.failures(errors) : t.success(result);
  });
  return {
    codec: self,
    parts: [item],
    json: {
      type: 'array',
      items: referTo(item),
      ...(min > 0 ? { minItems: min } : {}),
      ...(max === undefined ? {} : { maxItems: max }),
    },
  };
}

/** The same, as far as its members go together: `wrong` names the one that does not, and says why. */
export const consistent = <A>(
  schema: Schema<A>,
  wrong: (value: A) => (Fault & { readonly key: string }) | undefined,
): Schema<A> => ({
  ...schema,
  codec: structure<A>('consistent', (value, context) => {
    const read = schema.codec.validate(value, context);
    const fault = E.isRight(read) ? wrong(read.right) : undefined;
    return fault === undefined ? read : failure(value, at(context, fault.key, value), fault);
  }),
});

/** The value, or JSON's null. */
export function nullable<A>(schema: Schema<A>): Schema<A | null> {
  return {
    codec: structure<A | null>('nullable', (value, context) =>
      value === null ? t.success(null) : schema.codec.validate(value, context),
    ),
    parts: [schema],
    json: { anyOf: [referTo(schema), { type: 'null' }] },
  };
}

/** How one schema speaks of another in the API document: by name if it has one. */
export const referTo = (schema: Schema<unknown>): JsonSchema =>
  schema.component === undefined ? schema.json : { $ref: `#/components/schemas/${schema.component}` };

const UNKNOWN_PROPERTY = { code: 'unknown-property', text: 'is not a property that is known here' };
const MISSING = { code: 'missing', text: 'is missing' };

function structure<A>(name: string, validate: t.Validate<unknown, A>): t.Decoder<unknown, A> {
  const self: t.Decoder<unknown, A> = {
    name,
    validate,
    decode: (value) => validate(value, [{ key: '', type: self, actual: value }]),
  };
  return self;
}

const PLACE = { name: 'place' } as t.Decoder<unknown, unknown>;
const at = (context: t.Context, key: string, actual: unknown): t.Context => [...context, { key, type: PLACE, actual }];

function collect(errors: t.ValidationError[], failed: t.Validation<unknown>): void {
  if (E.isLeft(failed)) errors.push(...failed.left);
}
