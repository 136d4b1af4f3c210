import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Installation } from '../system/installation.js';
import type { Check } from './check.js';

const COMANDA = join(import.meta.dirname, '../../../dist/main/comanda.js');

interface Verification {
  readonly events: number;
  readonly differences: readonly { readonly check: string; readonly where: string; readonly text: string }[];
}

/** Runs `comanda verify` as an operator would, on an installation that is at rest. */
export async function checkVerified({ environment }: Installation): Promise<Check> {
  const name = '`comanda verify` finds no difference';
  const child = spawn(process.execPath, ['--enable-source-maps', COMANDA, 'verify', '--json', '--grace', '0'], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  const [printed, complained] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await exited) as [number | null];
  if (code !== 0 && code !== 1) return { name, looked: 0, differences: [`it ended with ${code}: ${complained}`] };
  const { events, differences } = JSON.parse(printed) as Verification;
  return {
    name,
    looked: events,
    differences: differences.map((difference) => JSON.stringify(difference)),
  };
}
