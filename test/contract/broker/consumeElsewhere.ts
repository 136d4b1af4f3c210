import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface OtherProcess {
  /** Resolves when the other process is handling that message. */
  received(id: string): Promise<void>;
  /** The messages that it has begun to handle. */
  begun(): readonly string[];
  /** Ends it with SIGKILL while it handles. */
  kill(): Promise<void>;
}

/** Another process that consumes a queue: `otherConsumer.ts`. One that `hangs` never gets done with a message. */
export const consumeElsewhere = (
  address: { readonly kind: string; readonly url: string },
  queue: string,
  manner: 'hangs' | 'works' = 'hangs',
): OtherProcess => {
  const program = join(import.meta.dirname, 'otherConsumer.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', program, address.kind, address.url, queue, manner], {
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
    begun: () => [...said.matchAll(/^handling (.*)$/gm)].map(([, id]) => id ?? ''),
    kill: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
};
