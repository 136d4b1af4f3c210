import * as E from 'fp-ts/lib/Either.js';

/** Why a text is not the JSON that we take. `offset` counts UTF-16 units from the start of the text. */
export type JsonFault =
  | { readonly _tag: 'MalformedJson'; readonly offset: number; readonly reason: string }
  | { readonly _tag: 'TooDeeplyNested'; readonly offset: number; readonly limit: number };

/**
 * Reads JSON (RFC 8259) and refuses what a lenient reader lets pass: a property that comes twice, more than `maxDepth`
 * levels, anything after the value. The value itself is built by `JSON.parse`; where that is not all there is to say, a walk
 * through the text finds what is wrong and where, which `JSON.parse` does not tell on every version of Node.
 */
export function parseStrictJson(text: string, maxDepth: number): E.Either<JsonFault, unknown> {
  const { depth, colons } = outline(text);
  if (depth <= maxDepth) {
    try {
      const value: unknown = JSON.parse(text);
      // of a property that comes twice one is lost
      if (propertiesIn(value) === colons) return E.right(value);
    } catch {
      // the walk says why
    }
  }
  try {
    new Walk(text, maxDepth).document();
    return E.right(JSON.parse(text));
  } catch (error) {
    if (error instanceof Fault) return E.left(error.fault);
    throw error;
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const isOpening = (symbol: number): boolean => symbol === 0x7b || symbol === 0x5b;
const isClosing = (symbol: number): boolean => symbol === 0x7d || symbol === 0x5d;

/** How deep a text is nested, and how many colons it has outside of its strings: one for each property, where it is JSON. */
function outline(text: string): { readonly depth: number; readonly colons: number } {
  let level = 0;
  let depth = 0;
  let colons = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const symbol = text.charCodeAt(at);
    if (symbol === QUOTE) inString = !inString;
    else if (inString) at += symbol === BACKSLASH ? 1 : 0;
    else if (symbol === COLON) colons += 1;
    else if (isOpening(symbol)) depth = Math.max(depth, (level += 1));
    else if (isClosing(symbol)) level -= 1;
  }
  return { depth, colons };
}

function propertiesIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const members: readonly unknown[] = Object.values(value);
  const own = Array.isArray(value) ? 0 : members.length;
  return members.reduce<number>((sum, member) => sum + propertiesIn(member), own);
}

class Fault extends Error {
  constructor(readonly fault: JsonFault) {
    super(fault._tag);
  }
}

const WORDS = ['true', 'false', 'null'] as const;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const PLAIN = String.raw`[^"\\\u0000-\u001f]*`;
const ESCAPE = String.raw`\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})`;
const STRING = new RegExp(`"${PLAIN}(?:${ESCAPE}${PLAIN})*"`, 'y');

class Walk {
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly maxDepth: number,
  ) {}

  document(): void {
    this.value(0);
    this.space();
    if (this.at < this.text.length) this.fail('there is something after the value');
  }

  private value(depth: number): void {
    this.space();
    switch (this.text[this.at]) {
      case '{':
        return this.object(depth + 1);
      case '[':
        return this.array(depth + 1);
      case '"':
        this.string();
        return;
      default:
        return this.scalar();
    }
  }

  private object(depth: number): void {
    this.enter(depth);
    const seen = new Set<string>();
    if (this.skip('}')) return;
    do {
      this.space();
      const start = this.at;
      const key = JSON.parse(this.string()) as string;
      if (seen.has(key)) this.fail(`the property ${JSON.stringify(key)} comes twice`, start);
      seen.add(key);
      if (!this.skip(':')) this.fail('a colon is missing');
      this.value(depth);
    } while (this.skip(','));
    if (!this.skip('}')) this.fail('a comma or a closing brace is missing');
  }

  private array(depth: number): void {
    this.enter(depth);
    if (this.skip(']')) return;
    do {
      this.value(depth);
    } while (this.skip(','));
    if (!this.skip(']')) this.fail('a comma or a closing bracket is missing');
  }

  private enter(depth: number): void {
    if (depth > this.maxDepth) {
      throw new Fault({ _tag: 'TooDeeplyNested', offset: this.at, limit: this.maxDepth });
    }
    this.at++;
  }

  private string(): string {
    return (
      this.take(STRING) ?? this.fail('a text in double quotes is missing, not closed, or holds a raw control character')
    );
  }

  private scalar(): void {
    const word = WORDS.find((candidate) => this.text.startsWith(candidate, this.at));
    if (word !== undefined) this.at += word.length;
    else if (this.take(NUMBER) === undefined)
      this.fail(this.at < this.text.length ? 'no value can begin here' : 'it ends too early');
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private skip(symbol: string): boolean {
    this.space();
    if (this.text[this.at] !== symbol) return false;
    this.at++;
    return true;
  }

  private space(): void {
    for (;;) {
      const symbol = this.text.charCodeAt(this.at);
      if (symbol !== 0x20 && symbol !== 0x0a && symbol !== 0x0d && symbol !== 0x09) return;
      this.at++;
    }
  }

  private fail(reason: string, offset: number = this.at): never {
    throw new Fault({ _tag: 'MalformedJson', offset, reason });
  }
}
