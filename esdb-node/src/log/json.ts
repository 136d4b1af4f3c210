/**
 * JSON as a real server reads stream metadata: more lenient than RFC 8259 (a byte order mark, single quotes, anything behind
 * the object), and telling whole numbers from others. Keys keep their order; the last of two equal ones counts, in the first's place.
 */
export type Json =
  | { readonly kind: 'object'; readonly fields: ReadonlyMap<string, Json> }
  | { readonly kind: 'array'; readonly items: readonly Json[] }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'word'; readonly value: 'true' | 'false' | 'null' };

const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' };
const MAX_DEPTH = 64;

class Parser {
  private at = 0;
  private depth = 0;
  constructor(private readonly text: string) {}

  value(): Json {
    this.space();
    const next = this.text[this.at];
    if (next === '{' || next === '[') {
      this.depth += 1;
      if (this.depth > MAX_DEPTH) throw new SyntaxError('nested too deeply');
      const nested = next === '{' ? this.object() : this.array();
      this.depth -= 1;
      return nested;
    }
    if (next === '"' || next === "'") return { kind: 'text', value: this.string() };
    return this.literal();
  }

  private object(): Json {
    const fields = new Map<string, Json>();
    this.at += 1;
    for (;;) {
      this.space();
      if (this.text[this.at] === '}') break;
      const key = this.string();
      this.expect(':');
      fields.set(key, this.value());
      if (!this.more('}')) break;
    }
    this.at += 1;
    return { kind: 'object', fields };
  }

  private array(): Json {
    const items: Json[] = [];
    this.at += 1;
    for (;;) {
      this.space();
      if (this.text[this.at] === ']') break;
      items.push(this.value());
      if (!this.more(']')) break;
    }
    this.at += 1;
    return { kind: 'array', items };
  }

  /** Whether a comma, and so another element, follows; the closing bracket is left for the caller. */
  private more(close: string): boolean {
    this.space();
    const next = this.text[this.at];
    if (next === ',') {
      this.at += 1;
      return true;
    }
    if (next === close) return false;
    throw new SyntaxError(`unexpected text at ${this.at}`);
  }

  private string(): string {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") throw new SyntaxError(`a string was expected at ${this.at}`);
    let out = '';
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const next = this.text[this.at] as string;
      if (next === quote) {
        this.at += 1;
        return out;
      }
      out += next === '\\' ? this.escape() : next;
    }
    throw new SyntaxError('a string has no end');
  }

  private escape(): string {
    this.at += 1;
    const next = this.text[this.at] as string;
    if (next !== 'u') return ESCAPES[next] ?? next;
    const code = Number.parseInt(this.text.slice(this.at + 1, this.at + 5), 16);
    this.at += 4;
    return String.fromCharCode(code);
  }

  private literal(): Json {
    const number = this.match(NUMBER);
    if (number !== undefined) {
      return /^-?\d+$/.test(number)
        ? { kind: 'integer', value: BigInt(number) }
        : { kind: 'number', value: Number(number) };
    }
    const word = this.match(WORD);
    if (word === undefined) throw new SyntaxError(`unexpected text at ${this.at}`);
    return { kind: 'word', value: word as 'true' | 'false' | 'null' };
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  private expect(mark: string): void {
    this.space();
    if (this.text[this.at] !== mark) throw new SyntaxError(`'${mark}' was expected at ${this.at}`);
    this.at += 1;
  }

  private space(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}

/** Throws SyntaxError on text that even a lenient reader cannot take. */
export const parseJson = (text: string): Json => new Parser(text.replace(/^\uFEFF/, '')).value();

/** The shortest text of a value, in the order of its keys. */
export const printJson = (json: Json): string => {
  switch (json.kind) {
    case 'object':
      return `{${[...json.fields].map(([key, value]) => `${JSON.stringify(key)}:${printJson(value)}`).join(',')}}`;
    case 'array':
      return `[${json.items.map(printJson).join(',')}]`;
    case 'text':
      return JSON.stringify(json.value);
    case 'integer':
    case 'number':
    case 'word':
      return String(json.value);
  }
};
