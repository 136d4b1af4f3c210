import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { until } from '../until.js';
import { behindProxy } from './proxy.js';
import type { RunningService } from './types.js';

describe('the services of a test run', function () {
  this.timeout(60_000);

  describe('a server that is not ours, behind its proxy', () => {
    let echo: Server;
    let proxied: RunningService;
    const clients: Socket[] = [];

    beforeEach(async () => {
      echo = createServer((socket) => socket.on('error', () => undefined).pipe(socket));
      echo.listen(0, '127.0.0.1');
      await once(echo, 'listening');
      const { port } = echo.address() as AddressInfo;
      proxied = await behindProxy(`echo://user:secret@127.0.0.1:${port}/path`, 'external', 1);
    });
    afterEach(async () => {
      for (const client of clients.splice(0)) client.destroy();
      await proxied.dispose();
      echo.close();
    });

    const client = async (): Promise<{ say: (text: string) => void; heard: () => string; socket: Socket }> => {
      const socket = connect(Number(new URL(proxied.url).port), '127.0.0.1');
      clients.push(socket);
      let text = '';
      socket.setEncoding('utf8').on('data', (chunk) => (text += String(chunk)));
      await once(socket, 'connect');
      socket.on('error', () => undefined);
      return { say: (what) => socket.write(what), heard: () => text, socket };
    };

    it('is reached by the same URL but for host and port', async () => {
      const { username, password, pathname } = new URL(proxied.url);
      expect({ username, password, pathname }).to.deep.equal({
        username: 'user',
        password: 'secret',
        pathname: '/path',
      });
      const { say, heard } = await client();
      say('hello');
      await until('it has answered', () => heard() === 'hello');
    });

    it('breaks connections and refuses new ones when killed, and is back at the same address', async () => {
      const before = await client();
      let closed = false;
      before.socket.once('close', () => (closed = true));
      await proxied.kill();
      await until('the connection is broken', () => closed);
      const refused = await client().catch((error: unknown) => error);
      expect(refused).to.include({ code: 'ECONNREFUSED' });
      await proxied.start();
      const after = await client();
      after.say('hello');
      await until('it has answered', () => after.heard() === 'hello');
    });

    it('takes what it is told while frozen and answers it when thawed', async () => {
      const { say, heard } = await client();
      say('a');
      await until('it has answered', () => heard() === 'a');
      await proxied.freeze();
      const during = await client();
      say('b');
      during.say('c');
      await proxied.thaw();
      await until('both are answered', () => heard() === 'ab' && during.heard() === 'c');
    });
  });

  it('are ended by the next run when theirs was killed', async () => {
    const program = join(import.meta.dirname, 'startDaemonAndWait.ts');
    const run = async (): Promise<{ folder: string; pid: number; end: () => Promise<void> }> => {
      const child = spawn(process.execPath, ['--import', 'tsx', program], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
      const [folder = '', pid] = line.trim().split('\n');
      return {
        folder,
        pid: Number(pid),
        end: async () => {
          const exited = once(child, 'exit');
          child.kill('SIGKILL');
          await exited;
        },
      };
    };
    const isThere = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    const first = await run();
    await first.end();
    expect(isThere(first.pid)).to.equal(true);
    const second = await run();
    await until('the orphan is gone', () => !isThere(first.pid));
    expect(existsSync(first.folder)).to.equal(false);
    await second.end();
    // the orphan that this test has made itself
    process.kill(second.pid, 'SIGKILL');
    rmSync(second.folder, { recursive: true });
  });
});
