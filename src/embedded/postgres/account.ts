import { chown, lchown, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresFailed } from './errors.js';

/** The user that the server runs as. PostgreSQL refuses to run as root, and initdb wants a user that has a name. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

interface PasswdEntry extends Account {
  readonly name: string;
}

/** Users that are made for this, best first. */
const PREFERRED = ['postgres', 'nobody'];

const passwd = async (): Promise<readonly PasswdEntry[]> => {
  const text = await readFile('/etc/passwd', 'utf8');
  return text.split('\n').flatMap((line) => {
    const [name, , uid, gid] = line.split(':');
    return name !== undefined && uid && gid ? [{ name, uid: Number(uid), gid: Number(gid) }] : [];
  });
};

/**
 * Whom to run the server as: undefined means as ourselves. As root it is the owner of the cluster that is there already,
 * else `postgres`, else `nobody`, else any other user of the machine.
 */
export const serverAccount = async (clusterFolder: string): Promise<Account | undefined> => {
  const ownUid = process.getuid?.();
  if (ownUid === undefined) return undefined;
  const owner = await stat(clusterFolder).catch(() => undefined);
  if (ownUid !== 0) {
    if (owner !== undefined && owner.uid !== ownUid) {
      throw new EmbeddedPostgresFailed(
        `${clusterFolder} belongs to another user (uid ${owner.uid}): start as that user or as root, or hand it over with chown -R`,
      );
    }
    return undefined;
  }
  const users = (await passwd()).filter(({ uid }) => uid !== 0);
  const named = (wanted: string) => users.find(({ name }) => name === wanted);
  const chosen =
    users.find(({ uid }) => uid === owner?.uid) ?? PREFERRED.map(named).find((user) => user !== undefined) ?? users[0];
  if (chosen === undefined) {
    throw new EmbeddedPostgresFailed(
      'PostgreSQL cannot run as root and /etc/passwd names no other user: start Comanda as an ordinary user or set POSTGRES_URL',
    );
  }
  return { uid: chosen.uid, gid: chosen.gid };
};

/** Gives a folder with all that is in it to the account, where it is not the owner already. */
export const handOver = async (folder: string, account: Account | undefined): Promise<void> => {
  if (account === undefined || (await stat(folder)).uid === account.uid) return;
  for (const entry of await readdir(folder, { recursive: true })) {
    await lchown(join(folder, entry), account.uid, account.gid);
  }
  // last, so that an interrupted hand-over is begun again
  await chown(folder, account.uid, account.gid);
};
