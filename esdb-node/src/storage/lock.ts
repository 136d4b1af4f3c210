import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { realpathSync, unlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderError } from './dataFolder.js';

/** Where a folder's lock listens; the system takes it back when the process ends, however it ends, but for files. */
const addressOf = (folder: string): { readonly path: string; readonly isFile: boolean } => {
  const name = `esdb-node-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32)}`;
  if (platform() === 'linux') return { path: `\0${name}`, isFile: false };
  if (platform() === 'win32') return { path: `\\\\.\\pipe\\${name}`, isFile: false };
  return { path: join(tmpdir(), `${name}.sock`), isFile: true };
};

const listen = (path: string): Promise<Server | undefined> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen(path, () => resolve(server.unref()));
  });

const answers = async (path: string): Promise<boolean> => {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

/**
 * Holds a folder for this process: two nodes that write one log would ruin it. A lock that a killed process left behind does
 * not stand in the way. Resolves with what gives the folder back.
 * @throws DataFolderError when another node holds it
 */
export const lockFolder = async (folder: string): Promise<() => Promise<void>> => {
  const { path, isFile } = addressOf(folder);
  let server = await listen(path);
  if (!server && isFile && !(await answers(path))) {
    unlinkSync(path);
    server = await listen(path);
  }
  if (!server) throw new DataFolderError(`the data folder ${folder} is in use by another node`);
  const held = server;
  return () => new Promise((resolve) => held.close(() => resolve()));
};
