import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A certificate of its own for localhost, and where it lies for clients to trust. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  remove(): Promise<void>;
}

/** Makes a certificate that holds for a day. Needs openssl. */
export const makeCertificate = async (): Promise<Certificate> => {
  const folder = await mkdtemp(join(tmpdir(), 'esdb-certificate-'));
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const form = [
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-days',
    '1',
    '-subj',
    '/CN=localhost',
    '-addext',
    names,
  ];
  await promisify(execFile)('openssl', [...form, '-keyout', keyFile, '-out', certFile]);
  return {
    cert: await readFile(certFile, 'utf8'),
    key: await readFile(keyFile, 'utf8'),
    certFile,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
