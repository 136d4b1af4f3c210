import { hkdfSync } from 'node:crypto';

const MARK_BYTES = 16;

/** What tells one secret from another and says nothing else about it: hexadecimal, derived with HKDF (RFC 5869). */
export const secretMark = (secret: string): string =>
  Buffer.from(hkdfSync('sha256', secret, '', 'comanda installation', MARK_BYTES)).toString('hex');
