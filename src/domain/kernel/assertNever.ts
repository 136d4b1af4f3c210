/** Ends a switch over a union: a case that was forgotten fails to compile, and throws if it ever runs. */
export function assertNever(value: never): never {
  throw new Error(`unexpected case: ${JSON.stringify(value)}`);
}
