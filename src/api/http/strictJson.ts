import * as E from 'fp-ts/lib/Either.js';

/** Why a text is not the JSON that we take. `offset` counts UTF-16 units from the start of the text. */
export type JsonFault =
  | { readonly _tag: 'MalformedJson'; readonly offset: number; readonly reason: string }
  | { readonly _tag: 'TooDeeplyNested'; readonly offset: number; readonly limit: number };

/**
 * Reads JSON (RFC 8259) and refuses what a lenient reader lets pass: a property that comes twice, more than `maxDepth`
 * levels, anything after the value. The value itself is built by `JSON.parse`; the walk beside it knows where it stands,
 * which `JSON.parse` does not tell on every version of Node.
 */
export function parseStrictJson(text: string, maxDepth: number): E.Either<JsonFault, unknown> {
  try {
    new Walk(text, maxDepth).document();
    return E.right(JSON.parse(text));
  } catch (error) {
    if (error instanceof Fault) return E.left(error.fault);
    throw error;
  }
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
