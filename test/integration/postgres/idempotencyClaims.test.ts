import { expect } from 'chai';
import type { IdempotencyClaim, IdempotencyClaims } from '../../../src/commands/ports/idempotencyClaims.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { postgresIdempotencyClaims } from '../../../src/infrastructure/postgres/idempotencyClaims.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { inMemoryClaims } from '../../support/inMemory/ports.js';
import { postgres, type SuiteDatabase } from '../../support/services/index.js';

const use = (bodyHash: string, keyHash = 'key'): IdempotencyClaim => ({
  principal: 'admin/local',
  route: 'POST /v1/orders',
  keyHash,
  bodyHash,
});

describe('claims of Idempotency-Keys', function () {
  this.timeout(60_000);
  let suite: SuiteDatabase;
  let database: PostgresDatabase;
  before(async () => {
    suite = await (await postgres()).createDatabase();
    await migrate({ url: suite.url, readModels: [] });
    database = openPostgres({ url: suite.url, maxConnections: 8 });
  });
  after(async () => {
    await database.close();
    await suite.drop();
  });

  const KINDS: readonly (readonly [name: string, open: () => Promise<IdempotencyClaims> | IdempotencyClaims])[] = [
    ['in memory', inMemoryClaims],
    [
      'in PostgreSQL',
      async () => {
        await database.query('TRUNCATE idempotency');
        return postgresIdempotencyClaims(database);
      },
    ],
  ];
  for (const [name, open] of KINDS) {
    describe(name, () => {
      let claims: IdempotencyClaims;
      beforeEach(async () => {
        claims = await open();
      });

      it('belong to the body that came first, for each key alone', async () => {
        expect(await claims.claim(use('one'))).to.equal('claimed');
        expect(await claims.claim(use('one'))).to.equal('same');
        expect(await claims.claim(use('two'))).to.equal('other');
        expect(await claims.claim(use('two', 'another key'))).to.equal('claimed');
      });

      it('are won by one body of many that come at once', async () => {
        const bodies = Array.from({ length: 24 }, (_, n) => `body ${n % 3}`);
        const answers = await Promise.all(bodies.map((body) => claims.claim(use(body))));
        const winner = bodies[answers.indexOf('claimed')];
        expect(answers.filter((answer) => answer === 'claimed')).to.have.length(1);
        bodies.forEach((body, n) => {
          expect(answers[n]).to.be.oneOf(body === winner ? ['claimed', 'same'] : ['other']);
        });
      });

      it('are free for any body once every use was refused', async () => {
        await claims.claim(use('one'));
        expect(await claims.release(use('one'))).to.equal('free');
        expect(await claims.claim(use('two'))).to.equal('claimed');
        expect(await claims.claim(use('one'))).to.equal('other');
      });

      it('stay with their body while one use was not refused, whichever it is', async () => {
        await claims.claim(use('one'));
        await claims.claim(use('one'));
        expect(await claims.release(use('one'))).to.equal('held');
        expect(await claims.claim(use('two'))).to.equal('other');
        expect(await claims.release(use('one'))).to.equal('free');
      });

      it('are not freed by whoever never had them, nor twice by one', async () => {
        await claims.claim(use('one'));
        expect(await claims.release(use('two'))).to.equal('held');
        expect(await claims.release(use('one'))).to.equal('free');
        await claims.release(use('one'));
        expect([await claims.claim(use('one')), await claims.claim(use('one'))]).to.deep.equal(['claimed', 'same']);
      });
    });
  }

  it('are over after a day, in PostgreSQL', async () => {
    const claims = postgresIdempotencyClaims(database);
    await database.query('TRUNCATE idempotency');
    await claims.claim(use('one'));
    await claims.claim(use('one'));
    await database.query(`UPDATE idempotency SET expires_at = now() - interval '1 second'`);
    expect(await claims.claim(use('two'))).to.equal('claimed');
    expect(await claims.claim(use('one'))).to.equal('other');
  });
});
