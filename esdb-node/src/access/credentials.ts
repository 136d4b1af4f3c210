/** What an `authorization` header says. */
export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'broken' }
  | { readonly kind: 'basic'; readonly name: string; readonly password: string };

const NONE: Credentials = { kind: 'none' };
const BROKEN: Credentials = { kind: 'broken' };
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads a Basic `authorization` header (RFC 7617), UTF-8. As with a real server the scheme is case-sensitive, and whatever is not
 * Basic, or has no colon, counts as no credentials at all; what cannot be decoded is broken.
 */
export const parseCredentials = (header: string | undefined): Credentials => {
  if (header === undefined || !/^Basic( |$)/.test(header)) return NONE;
  const encoded = header.slice('Basic'.length).trim();
  if (!BASE64.test(encoded)) return BROKEN;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? NONE : { kind: 'basic', name: text.slice(0, colon), password: text.slice(colon + 1) };
};
