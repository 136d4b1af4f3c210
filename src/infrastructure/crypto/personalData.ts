import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { isLeft } from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import type { PersonalData } from '../../commands/ports/personalData.js';
import { canonicalJson } from '../../domain/kernel/canonicalJson.js';
import { AddressCodec, ContactCodec, type PersonalFields } from '../../domain/kernel/person.js';
import type { Sealed } from '../../domain/kernel/sealed.js';
import { decrypt, encrypt, NONCE_BYTES } from './gcm.js';
import type { SubjectKeys } from './ports/subjectKeys.js';

const KEY_BYTES = 32;
const VERSION = 'p1';

const CODECS: { readonly [Field in keyof PersonalFields]: t.Type<PersonalFields[Field], unknown, unknown> } = {
  contact: ContactCodec,
  address: AddressCodec,
  note: t.string,
};

const derived = (from: string | Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', from, '', purpose, KEY_BYTES));

/**
 * Personal data under a key for each person (AES-256-GCM), the keys wrapped by one that follows from the installation's
 * secret. What a text is about and whose it is are authenticated with it, so that it opens nowhere else; it may move between
 * events, since a shipment carries its order's address.
 *
 * The nonce follows from the value (HMAC under a key of its own), so that the same value gives the same text; it tells
 * whoever has no key whether two texts of one person are equal, and nothing else.
 */
export function personalData(keys: SubjectKeys, secret: string | Buffer): PersonalData {
  const master = derived(secret, 'comanda personal data');

  const unwrap = (subject: string, wrapped: Buffer): Buffer => {
    try {
      return decrypt(master, wrapped, subject);
    } catch (cause) {
      throw new Error(`the key of ${subject} was kept under another secret, or altered`, { cause });
    }
  };

  const keeping = new Map<string, Promise<Buffer>>();
  /** Values of one person that are sealed at the same time ask for the key once. */
  const keyOf = (subject: string): Promise<Buffer> => {
    const asked = keeping.get(subject);
    if (asked) return asked;
    const fresh = encrypt(master, randomBytes(NONCE_BYTES), randomBytes(KEY_BYTES), subject);
    const kept = keys.keep(subject, fresh).finally(() => keeping.delete(subject));
    keeping.set(subject, kept);
    return kept;
  };

  return {
    seal: async (subject, field, value) => {
      const key = unwrap(subject, await keyOf(subject));
      const plain = Buffer.from(canonicalJson(value));
      const place = placeOf(subject, field);
      const nonce = createHmac('sha256', derived(key, 'nonce')).update(place).update('\0').update(plain).digest();
      const body = encrypt(derived(key, 'data'), nonce.subarray(0, NONCE_BYTES), plain, place);
      return [VERSION, subject, body.toString('base64url')].join(':') as Sealed;
    },
    open: async (sealed, field) => {
      const [version, subject, body] = sealed.split(':');
      if (version !== VERSION || subject === undefined || body === undefined) {
        throw new Error('this is nothing that was sealed here');
      }
      const wrapped = await keys.find(subject);
      if (wrapped === undefined) return undefined;
      const key = derived(unwrap(subject, wrapped), 'data');
      const plain = decrypt(key, Buffer.from(body, 'base64url'), placeOf(subject, field));
      const decoded = CODECS[field].decode(JSON.parse(plain.toString('utf8')));
      if (isLeft(decoded)) throw new Error(`what is sealed of ${subject} is no ${field}`);
      return decoded.right;
    },
  };
}

const placeOf = (subject: string, field: string): string => `${subject}/${field}`;
