import type { Answer } from './route.js';
import { PRIVATE } from './singles.js';

/**
 * A page of a list: the next one is named in the body and, as RFC 8288 has it, in a Link header.
 * @param more what else the body says of the whole list
 */
export function pageAnswer(
  url: string,
  page: { readonly items: readonly unknown[]; readonly asOf: string; readonly lagMs: number },
  next: string | undefined,
  caching: Readonly<Record<string, string>> = PRIVATE,
  more: Readonly<Record<string, unknown>> = {},
): Answer {
  const { items, asOf, lagMs } = page;
  return {
    status: 200,
    headers: { ...caching, ...(next === undefined ? {} : { Link: nextLink(url, next) }) },
    body: { items, next: next ?? null, asOf, lagMs, ...more },
  };
}

function nextLink(url: string, cursor: string): string {
  const [path = '', query = ''] = url.split('?', 2);
  const parameters = new URLSearchParams(query);
  parameters.set('cursor', cursor);
  return `<${path}?${parameters.toString()}>; rel="next"`;
}
