import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { EventStoreDBClient } from '@eventstore/db-client';
import { expect } from 'chai';
import type { NodeOptions } from '../src/index.js';
import { startNodeInWorker } from '../src/index.js';
import type { Certificate } from './support/certificate.js';
import { makeCertificate } from './support/certificate.js';

/** How the recorded server served each group of questions. */
const GROUPS = {
  append: { projections: 'off', secure: false },
  read: { projections: 'off', secure: false },
  subscribe: { projections: 'off', secure: false },
  persistent: { projections: 'off', secure: false },
  services: { projections: 'off', secure: false },
  secure: { projections: 'off', secure: true },
  projections: { projections: 'system', secure: false },
} as const;
type Group = keyof typeof GROUPS;

const RECORDED = '23.10.6';
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

interface Step {
  readonly step: string;
  readonly volatile?: true;
}
type Answers = Readonly<Record<string, readonly Step[]>>;

interface Deviation {
  readonly group: string;
  readonly scenario: string;
  readonly step: string;
  readonly reason: string;
}

const json = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;

const recordedAnswers = (group: Group): Promise<Answers> =>
  json<Answers>(here(`./conformance/recorded/${RECORDED}/${group}.json`));

/** The groups that can be asked of a server: those whose recorded server was set up like it. */
const groupsFor = async (connectionString: string): Promise<Group[]> => {
  const secure = /[?&]tls=true/i.test(connectionString);
  const client = EventStoreDBClient.connectionString(connectionString);
  const projections = await client.getProjectionStatus('$by_category').then(
    ({ projectionStatus }) => (projectionStatus === 'Running' ? 'system' : 'off'),
    () => 'off',
  );
  await client.dispose();
  return (Object.keys(GROUPS) as Group[]).filter(
    (group) => GROUPS[group].secure === secure && (secure || GROUPS[group].projections === projections),
  );
};

/** Asks the node everything that the recorded server was asked; resolves with its answers. */
const ask = async (connectionString: string, group: Group, folder: string, authority?: string): Promise<Answers> => {
  const args = [here('./conformance/run.mjs'), connectionString, group, '--write', folder];
  const env = { ...process.env, ...(authority !== undefined && { NODE_EXTRA_CA_CERTS: authority }) };
  const child = spawn(process.execPath, args, { stdio: 'ignore', env });
  const [code] = (await once(child, 'exit')) as [number];
  expect(code, `the runner of ${group}`).to.equal(0);
  return json<Answers>(join(folder, `${group}.json`));
};

const differences = (group: string, recorded: Answers, now: Answers, deviations: readonly Deviation[]): string[] => {
  const allowed = (scenario: string, step: string): boolean =>
    deviations.some((d) => d.group === group && new RegExp(d.scenario).test(scenario) && new RegExp(d.step).test(step));
  const out: string[] = [];
  for (const [scenario, steps] of Object.entries(recorded)) {
    const answers = now[scenario] ?? [];
    for (let k = 0; k < Math.max(steps.length, answers.length); k += 1) {
      const [want, got] = [steps[k], answers[k]];
      if (want?.volatile || isDeepStrictEqual(want, got)) continue;
      const name = want?.step ?? got?.step ?? '';
      if (allowed(scenario, name)) continue;
      out.push(`${scenario} › ${name}\n  recorded ${JSON.stringify(want)}\n  now      ${JSON.stringify(got)}`);
    }
  }
  return out;
};

const REAL = process.env['TEST_EVENTSTORE_URL'];

describe('the answers of a real server', function () {
  // one group after the other takes a server some six minutes
  this.timeout(REAL === undefined ? 300_000 : 900_000);
  let folder: string;
  let deviations: readonly Deviation[];
  let certificate: Certificate;
  before(async () => {
    certificate = await makeCertificate();
    folder = await mkdtemp(join(tmpdir(), 'esdb-conformance-'));
    deviations = await json<Deviation[]>(here('./conformance/deviations.json'));
  });
  after(async () => {
    await certificate.remove();
    await rm(folder, { recursive: true, force: true });
  });

  if (REAL !== undefined) {
    it('are still those of the server that TEST_EVENTSTORE_URL names, without any deviation', async () => {
      const found: string[] = [];
      for (const group of await groupsFor(REAL)) {
        const now = await ask(REAL, group, join(folder, 'real'));
        found.push(...differences(group, await recordedAnswers(group), now, []));
      }
      expect(found.join('\n')).to.equal('');
    });
    return;
  }

  for (const storage of ['memory', 'lmdb'] as const) {
    it(`are those of this node, ${storage}, but for the deviations that are written down`, async () => {
      // a node of its own for each group, side by side: they are asked about $all, too
      const found = await Promise.all(
        (Object.keys(GROUPS) as Group[]).map(async (group) => {
          const { projections, secure } = GROUPS[group];
          const { cert, key, certFile } = certificate;
          const options: NodeOptions = {
            ...(storage === 'memory' ? { storage } : { storage, data: join(folder, `${storage}-${group}`) }),
            ...(secure && { tls: { cert, key } }),
            projections,
          };
          const node = await startNodeInWorker(options);
          try {
            const connection = secure
              ? `esdb://admin:changeit@localhost:${node.port}?tls=true&tlsCAFile=${certFile}`
              : node.connectionString;
            const now = await ask(connection, group, join(folder, storage), certFile);
            return differences(group, await recordedAnswers(group), now, deviations);
          } finally {
            await node.stop();
          }
        }),
      );
      expect(found.flat().join('\n')).to.equal('');
    });
  }
});
