import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import users from '@eventstore/db-client/generated/users_pb.js';
import { expect } from 'chai';
import type { NodeOptions, RunningNode } from '../../src/index.js';
import { startNode } from '../../src/index.js';
import type { Certificate } from '../support/certificate.js';
import { makeCertificate } from '../support/certificate.js';
import { collect, failureOf, freshStream, numbers, several } from '../support/events.js';
import type { Caller } from '../support/rawCalls.js';
import { ADMIN, RawCalls } from '../support/rawCalls.js';

const { CreateReq, CreateResp, DeleteReq, DeleteResp, DisableReq, DisableResp, ResetPasswordReq, ResetPasswordResp } =
  users;
const SERVICE = '/event_store.client.users.Users';

for (const storage of ['memory', 'lmdb'] as const) {
  describe(`a node with TLS and users, ${storage}`, () => {
    let certificate: Certificate;
    let data: string;
    let node: RunningNode;
    let calls: RawCalls;
    const clients: EventStoreDBClient[] = [];
    before(async () => {
      certificate = await makeCertificate();
    });
    after(() => certificate.remove());

    const open = async (): Promise<void> => {
      const { cert, key } = certificate;
      const where: NodeOptions = storage === 'memory' ? { storage } : { storage, data };
      node = await startNode({ ...where, tls: { cert, key }, projections: 'off' });
      calls = new RawCalls(node.connectionString, cert);
    };
    const close = async (): Promise<void> => {
      await Promise.all(clients.splice(0).map((client) => client.dispose()));
      calls.close();
      await node.stop();
    };
    beforeEach(async () => {
      data = await mkdtemp(join(tmpdir(), 'esdb-secure-'));
      await open();
    });
    afterEach(async () => {
      await close();
      await rm(data, { recursive: true, force: true });
    });

    const as = ({ username, password }: Caller): EventStoreDBClient => {
      const { host } = new URL(node.connectionString);
      const client = EventStoreDBClient.connectionString(
        `esdb://${username}:${password}@${host}?tls=true&tlsCAFile=${certificate.certFile}`,
      );
      clients.push(client);
      return client;
    };
    const create = async ({ username, password }: Caller, by: Caller = ADMIN): Promise<void> => {
      const request = new CreateReq();
      const options = new CreateReq.Options();
      options.setLoginName(username);
      options.setPassword(password);
      request.setOptions(options);
      await calls.unary(`${SERVICE}/Create`, request, CreateResp, by);
    };
    const reset = async ({ username, password }: Caller): Promise<void> => {
      const request = new ResetPasswordReq();
      const options = new ResetPasswordReq.Options();
      options.setLoginName(username);
      options.setNewPassword(password);
      request.setOptions(options);
      await calls.unary(`${SERVICE}/ResetPassword`, request, ResetPasswordResp, ADMIN);
    };
    const disable = async ({ username }: Caller): Promise<void> => {
      const request = new DisableReq();
      const options = new DisableReq.Options();
      options.setLoginName(username);
      request.setOptions(options);
      await calls.unary(`${SERVICE}/Disable`, request, DisableResp, ADMIN);
    };
    const remove = async ({ username }: Caller): Promise<void> => {
      const request = new DeleteReq();
      const options = new DeleteReq.Options();
      options.setLoginName(username);
      request.setOptions(options);
      await calls.unary(`${SERVICE}/Delete`, request, DeleteResp, ADMIN);
    };
    const writes = async (who: Caller): Promise<string> => {
      try {
        const stream = freshStream();
        const { username, password } = who;
        await as(who).appendToStream(stream, several(1), { credentials: { username, password } });
        return 'written';
      } catch (error) {
        return (error as Error).constructor.name;
      }
    };
    const alice: Caller = { username: 'alice', password: 'one' };

    it('stores no password, neither as it is nor encoded', async () => {
      await create({ username: 'alice', password: 'a very long secret' });
      const stored = await collect(as(ADMIN).readStream('$user-alice'));
      const text = JSON.stringify(stored, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));
      expect(text).to.contain('alice');
      expect(text).not.to.contain('a very long secret');
      expect(text).not.to.contain(Buffer.from('a very long secret').toString('base64'));
    });

    it('heeds a new password, a ban and the end of a user at the next call', async () => {
      await create(alice);
      expect(await writes(alice)).to.equal('written');
      await reset({ ...alice, password: 'two' });
      expect(await writes(alice), 'the old password').to.equal('AccessDeniedError');
      expect(await writes({ ...alice, password: 'two' })).to.equal('written');
      await disable(alice);
      expect(await writes({ ...alice, password: 'two' }), 'disabled').to.equal('AccessDeniedError');
      await remove(alice);
      await create({ ...alice, password: 'two' });
      expect(await writes({ ...alice, password: 'two' }), 'made anew').to.equal('written');
      await remove(alice);
      expect(await writes({ ...alice, password: 'two' }), 'deleted').to.equal('AccessDeniedError');
    });

    it('makes one user out of many that are asked for at once under one name', async () => {
      const made = await Promise.allSettled(
        Array.from({ length: 8 }, (_, k) => create({ username: 'bob', password: `p${k}` })),
      );
      expect(made.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
      const created = await collect(as(ADMIN).readStream('$user-bob'));
      expect(created.map(({ event }) => event?.type)).to.deep.equal(['$UserCreated']);
    });

    it('lets nobody but admins read what a deleted user of the same name was', async () => {
      await create(alice);
      await remove(alice);
      await create({ ...alice, password: 'two' });
      const seen = await collect(as(ADMIN).readStream('$user-alice'));
      expect(seen, 'the former one stays hidden').to.have.length(1);
      const denied = await failureOf(collect(as({ ...alice, password: 'two' }).readStream('$user-alice')));
      expect(denied.constructor.name).to.equal('AccessDeniedError');
    });

    it('answers many calls with the same credentials at once', async () => {
      const stream = freshStream();
      await as(ADMIN).appendToStream(stream, several(5));
      const reader = as(ADMIN);
      const answers = await Promise.all(Array.from({ length: 50 }, () => collect(reader.readStream(stream))));
      for (const answer of answers) expect(numbers(answer)).to.deep.equal([0, 1, 2, 3, 4]);
    });

    it('speaks no plain text', async () => {
      const client = EventStoreDBClient.connectionString(`${node.connectionString.replace('tls=true', 'tls=false')}`);
      clients.push(client);
      const error = await failureOf(collect(client.readStream(freshStream())));
      expect(error.constructor.name).to.equal('UnavailableError');
    });

    if (storage === 'memory') return;

    it('has its users and their passwords again after a restart, and makes the first ones once', async () => {
      await create(alice);
      await reset({ username: 'ops', password: 'mine' });
      await close();
      await open();
      expect(await writes(alice)).to.equal('written');
      expect(await writes({ username: 'ops', password: 'changeit' })).to.equal('AccessDeniedError');
      expect(await writes({ username: 'ops', password: 'mine' })).to.equal('written');
    });
  });
}

describe('a node with users and without TLS', () => {
  it('asks callers who they are all the same', async () => {
    const node = await startNode({ storage: 'memory', users: true, projections: 'off' });
    const calls = new RawCalls(node.connectionString);
    const request = new CreateReq();
    const options = new CreateReq.Options();
    options.setLoginName('alice');
    request.setOptions(options);
    const error = await failureOf(calls.unary(`${SERVICE}/Create`, request, CreateResp));
    expect(error.message).to.equal('7 PERMISSION_DENIED: Access Denied');
    await calls.unary(`${SERVICE}/Create`, request, CreateResp, ADMIN);
    calls.close();
    await node.stop();
  });
});
