import { secretMark } from '../infrastructure/crypto/secretMark.js';
import type { Queryable } from '../subscriptions/ports/database.js';
import { StartupError } from './startupError.js';

/**
 * Sees to it that the database goes on under the secret under which it was begun; the first one to come is remembered. Under
 * another one, people's data and webhooks in it could not be opened, and two processes would take each other's cursors and
 * quotes for forged.
 * @param from where the secret came from, for the message: a variable or a file
 * @throws StartupError when it is another one
 */
export async function requireSameSecret(
  database: Queryable,
  secret: string,
  names: { readonly from: string; readonly database: string },
): Promise<void> {
  const mark = secretMark(secret);
  await database.query('INSERT INTO installation (secret_mark) VALUES ($1) ON CONFLICT (only_one) DO NOTHING', [mark]);
  const { rows } = await database.query<{ readonly secret_mark: string }>('SELECT secret_mark FROM installation');
  if (rows[0]?.secret_mark === mark) return;
  throw new StartupError(
    `COMANDA_SECRET: the database (${names.database}) is kept under another secret than this one (from ${names.from}), with which people's data in it could not be read: set COMANDA_SECRET to the one it was begun with (where none was set, it is in the file "secret" of the data folder of then), or give this one an empty database`,
  );
}
