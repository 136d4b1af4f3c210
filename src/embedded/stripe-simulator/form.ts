import { invalidRequest } from './errors.js';
import type { Metadata } from './records.js';

const MAX_METADATA_KEYS = 50;
const MAX_METADATA_KEY = 40;
const MAX_METADATA_VALUE = 500;
const MAX_TEXT = 5_000;

/**
 * The parameters of a request, already unfolded from their bracket notation, read one by one with Stripe's refusals:
 * a missing, empty or unknown one is named by its path, for example `line_items[0][price_data][currency]`.
 */
export class Form {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #unread: Set<string>;
  readonly #children: Form[] = [];

  constructor(values: unknown, path = '') {
    if (typeof values !== 'object' || values === null) {
      throw invalidRequest(`Invalid ${path === '' ? 'body' : path}: must be a hash`, { param: path });
    }
    this.#values = values as Record<string, unknown>;
    this.#path = path;
    this.#unread = new Set(Object.keys(values));
  }

  /** The parameter's path as Stripe writes it. */
  at(name: string): string {
    return this.#path === '' ? name : `${this.#path}[${name}]`;
  }

  text(name: string, maxLength = MAX_TEXT): string | undefined {
    const value = this.#take(name);
    if (value === undefined) return undefined;
    const param = this.at(name);
    if (typeof value !== 'string') throw invalidRequest(`Invalid string: ${param}`, { param });
    if (value === '') {
      throw invalidRequest(`You passed an empty string for '${param}'; leave it out or give it a value.`, {
        code: 'parameter_invalid_empty',
        param,
      });
    }
    if (value.length > maxLength) {
      throw invalidRequest(`Invalid string: '${param}' must be at most ${maxLength} characters`, { param });
    }
    return value;
  }

  requiredText(name: string, maxLength?: number): string {
    return this.text(name, maxLength) ?? this.#missing(name);
  }

  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(value)) {
      throw invalidRequest(`Invalid integer: ${text}`, { code: 'parameter_invalid_integer', param: this.at(name) });
    }
    return value;
  }

  requiredInteger(name: string): number {
    return this.integer(name) ?? this.#missing(name);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const found = allowed.find((choice) => choice === text);
    if (found === undefined) {
      const param = this.at(name);
      throw invalidRequest(`Invalid ${param}: must be one of ${allowed.join(', ')}`, { param });
    }
    return found;
  }

  /** An absolute http or https address. */
  url(name: string): string | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const protocol = URL.canParse(text) ? new URL(text).protocol : undefined;
    if (protocol !== 'http:' && protocol !== 'https:') {
      throw invalidRequest('Not a valid URL', { code: 'url_invalid', param: this.at(name) });
    }
    return text;
  }

  form(name: string): Form | undefined {
    const value = this.#take(name);
    return value === undefined ? undefined : this.#child(value, this.at(name));
  }

  requiredForm(name: string): Form {
    return this.form(name) ?? this.#missing(name);
  }

  /** A list of hashes. */
  forms(name: string): readonly Form[] {
    return elements(this.#take(name)).map((value, index) => this.#child(value, `${this.at(name)}[${index}]`));
  }

  /** A list of texts, such as `expand[]`. */
  texts(name: string): readonly string[] {
    return elements(this.#take(name)).map((value, index) => {
      if (typeof value === 'string') return value;
      throw invalidRequest(`Invalid string: ${this.at(name)}[${index}]`, { param: this.at(name) });
    });
  }

  /** Key-value pairs within Stripe's limits (50 keys of 40 characters, values of 500). */
  metadata(name = 'metadata'): Metadata {
    const value = this.#take(name);
    if (value === undefined || value === '') return {};
    const entries = Object.entries(value as object);
    if (entries.length > MAX_METADATA_KEYS) {
      throw invalidRequest(`Metadata can have up to ${MAX_METADATA_KEYS} keys, but you passed in ${entries.length}`, {
        param: this.at(name),
      });
    }
    for (const [key, text] of entries as [string, unknown][]) {
      const param = `${this.at(name)}[${key}]`;
      if (typeof text !== 'string') throw invalidRequest(`Invalid string: ${param}`, { param });
      if (key.length > MAX_METADATA_KEY || text.length > MAX_METADATA_VALUE) {
        throw invalidRequest(
          `Metadata keys can have up to ${MAX_METADATA_KEY} characters and values up to ${MAX_METADATA_VALUE}`,
          { param },
        );
      }
    }
    return Object.fromEntries((entries as [string, string][]).filter(([, text]) => text !== ''));
  }

  /** Refuses whatever nobody has read, here and in the forms within. */
  finish(): void {
    for (const child of this.#children) child.finish();
    const [unknown] = this.#unread;
    if (unknown !== undefined) {
      const param = this.at(unknown);
      throw invalidRequest(`Received unknown parameter: ${param}`, { code: 'parameter_unknown', param });
    }
  }

  #take(name: string): unknown {
    this.#unread.delete(name);
    return Object.hasOwn(this.#values, name) ? this.#values[name] : undefined;
  }

  #child(value: unknown, path: string): Form {
    const child = new Form(value, path);
    this.#children.push(child);
    return child;
  }

  #missing(name: string): never {
    const param = this.at(name);
    throw invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
  }
}

/** `a[0]=…&a[1]=…` arrives as an array, or as a hash of its indices when there are many of them. */
function elements(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (Array.isArray(value)) return value;
  return typeof value === 'object' && value !== null ? Object.values(value) : [value];
}
