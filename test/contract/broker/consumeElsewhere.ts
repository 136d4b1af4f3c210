import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface OtherProcess {
  /** Resolves when the other process is handling that message. */
  received(id: string): Promise<void>;
  /** Ends it with SIGKILL while it handles. */
  kill(): Promise<void>;
}

/** Another process that consumes a queue and never gets done with a message: `hangingConsumer.ts`. */
export const consumeElsewhere = (
  address: { readonly kind: string; readonly url: string },
  queue: string,
): OtherProcess => {
  const program = join(import.meta.dirname, 'hangingConsumer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, address.kind, address.url, queue], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  const heard = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    for (const listener of heard) listener();
  });
  return {
    received: async (id) => {
      await new Promise<void>((resolve, reject) => {
        const look = (): void => {
          if (said.includes(`handling ${id}\n`)) resolve();
        };
        heard.add(look);
        child.once('exit', (code) => {
          reject(new Error(`the other process ended with ${code}`));
        });
        look();
      });
    },
    kill: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};
