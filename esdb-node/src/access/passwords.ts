import type { ScryptOptions } from 'node:crypto';
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';

/** A password as it is stored: salt and scrypt hash (RFC 7914), base64. */
export interface HashedPassword {
  readonly salt: string;
  readonly hash: string;
}

const LENGTH = 32;
/** 16 MiB and some 50 ms a guess. */
const COST: ScryptOptions = { N: 16_384, r: 8, p: 1 };

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password, salt, LENGTH, COST, (error, key) => (error ? reject(error) : resolve(key)));
  });

export const hashPassword = async (password: string): Promise<HashedPassword> => {
  const salt = randomBytes(16);
  return { salt: salt.toString('base64'), hash: (await derive(password, salt)).toString('base64') };
};

/** Whether this is the password; takes the same time for any wrong one. */
export const isPassword = async (password: string, stored: HashedPassword): Promise<boolean> => {
  const [salt, hash] = [Buffer.from(stored.salt, 'base64'), Buffer.from(stored.hash, 'base64')];
  const key = await derive(password, salt);
  return key.length === hash.length && timingSafeEqual(key, hash);
};
