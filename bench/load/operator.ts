import { type ChildProcess, spawn } from 'node:child_process';
import { COMANDA } from '../bench.js';

/** Somebody who runs commands of `comanda` beside an installation, one after the other. */
export class Operator {
  private running: ChildProcess | undefined;

  constructor(private readonly env: Readonly<Record<string, string>>) {}

  /**
   * Resolves with the seconds that a command took.
   * @throws with all that it said when it does not end well, or is ended by the signal
   */
  async run(args: readonly string[], signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const from = performance.now();
    const child = spawn(process.execPath, [COMANDA, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_ENV: 'production', ...this.env },
    });
    this.running = child;
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    const end = (): void => void child.kill('SIGKILL');
    signal.addEventListener('abort', end, { once: true });
    const code = await new Promise<number | string | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit, by) => resolve(by ?? exit));
    });
    signal.removeEventListener('abort', end);
    if (code !== 0) throw new Error(`comanda ${args.join(' ')} ended with ${String(code)}:\n${said}`);
    return (performance.now() - from) / 1_000;
  }

  /** Ends the command that runs, if one does. */
  stop(): Promise<void> {
    this.running?.kill('SIGKILL');
    return Promise.resolve();
  }
}
