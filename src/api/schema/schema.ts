import * as t from 'io-ts';

/** A JSON Schema (2020-12, as OpenAPI 3.1 has it) in plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * What a value on the wire must look like, said once for the program and once for the reader: the codec decides, the
 * JSON Schema goes into the API document. Both are made by the same combinator, so they cannot drift apart.
 */
export interface Schema<A> {
  readonly codec: t.Decoder<unknown, A>;
  readonly json: JsonSchema;
  /** Named schemas stand under `components/schemas` of the document and are referred to. */
  readonly component?: string;
  /** The schemas that this one is put together from. */
  readonly parts?: readonly Schema<unknown>[];
}

export type TypeOfSchema<S> = S extends Schema<infer A> ? A : never;

/** Gives a schema a name of its own in the API document. */
export const named = <A>(component: string, schema: Schema<A>): Schema<A> => ({ ...schema, component });

/** Adds what people should know: a description, an example. */
export const described = <A>(schema: Schema<A>, description: string, example?: unknown): Schema<A> => ({
  ...schema,
  json: { ...schema.json, description, ...(example === undefined ? {} : { examples: [example] }) },
});

/** What is wrong with a value: a stable code for programs and a sentence's end for people ("must be …"). */
export interface Fault {
  readonly code: string;
  readonly text: string;
}

const SEPARATOR = ': ';

/** io-ts carries one message an error; the code stands before the first colon and {@link faultOf} takes it apart again. */
export const failure = <A>(value: unknown, context: t.Context, fault: Fault): t.Validation<A> =>
  t.failure(value, context, `${fault.code}${SEPARATOR}${fault.text}`);

/** Takes an error that {@link failure} made apart. */
export const faultOf = (error: t.ValidationError): Fault => {
  const message = error.message ?? `invalid${SEPARATOR}is not valid`;
  const at = message.indexOf(SEPARATOR);
  return { code: message.slice(0, at), text: message.slice(at + SEPARATOR.length) };
};

/** A decoder from a function that either gives the value or says what is wrong with it. */
export const decoder = <A>(
  name: string,
  read: (value: unknown) => { readonly value: A } | { readonly fault: Fault },
): t.Decoder<unknown, A> => {
  const validate: t.Validate<unknown, A> = (value, context) => {
    const outcome = read(value);
    return 'value' in outcome ? t.success(outcome.value) : failure(value, context, outcome.fault);
  };
  const self: t.Decoder<unknown, A> = {
    name,
    validate,
    decode: (value) => validate(value, [{ key: '', type: self, actual: value }]),
  };
  return self;
};
