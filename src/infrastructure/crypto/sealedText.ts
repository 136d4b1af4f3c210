import { createHmac, hkdfSync } from 'node:crypto';
import type { SealedText } from '../../consumers/ports/sealedText.js';
import { decrypt, encrypt, NONCE_BYTES } from './gcm.js';

const KEY_BYTES = 32;
const VERSION = 't1:';

/**
 * Texts that are kept for a while, under keys that follow from the installation's secret (AES-256-GCM). The nonce follows
 * from the text and its place (HMAC under a key of its own), so that a repeat gives the same bytes.
 */
export function sealedText(secret: string | Buffer): SealedText {
  const derived = (purpose: string): Buffer => Buffer.from(hkdfSync('sha256', secret, '', purpose, KEY_BYTES));
  const data = derived('comanda kept texts: data');
  const nonces = derived('comanda kept texts: nonce');
  return {
    seal: (text, place) => {
      const plain = Buffer.from(text);
      const nonce = createHmac('sha256', nonces).update(place).update('\0').update(plain).digest();
      return VERSION + encrypt(data, nonce.subarray(0, NONCE_BYTES), plain, place).toString('base64url');
    },
    open: (kept, place) => {
      if (!kept.startsWith(VERSION)) return kept;
      try {
        return decrypt(data, Buffer.from(kept.slice(VERSION.length), 'base64url'), place).toString('utf8');
      } catch (cause) {
        throw new Error(`${place} was kept under another secret, or altered`, { cause });
      }
    },
  };
}
