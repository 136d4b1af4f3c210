import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type SMTPServerOptions, SMTPServer } from 'smtp-server';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import { notificationConsumer } from '../../../src/consumers/index.js';
import {
  type Mail,
  MailDeferred,
  type MailTransport,
  MailUnavailable,
} from '../../../src/consumers/notification/ports/mailTransport.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { emlFiles } from '../../../src/embedded/mail/emlFiles.js';
import { personalData } from '../../../src/infrastructure/crypto/personalData.js';
import { smtpTransport } from '../../../src/infrastructure/mail/smtp.js';
import { openPostgres, type PostgresDatabase } from '../../../src/infrastructure/postgres/database.js';
import { migrate } from '../../../src/infrastructure/postgres/migrate.js';
import { postgresSubjectKeys } from '../../../src/infrastructure/postgres/subjectKeys.js';
import { anOrder, aPayment, at, dueAt, eur, idOf, orderLine, placedOrder } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { postgres } from '../../support/services/index.js';

const FROM = 'Comanda <orders@comanda.invalid>';
const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('mails to customers', function () {
  this.timeout(300_000);

  describe('with their inbox in PostgreSQL', () => {
    let database: PostgresDatabase;
    let store: InMemoryEventStore;
    let doubtful: string[];

    before(async () => {
      const suite = await (await postgres()).createDatabase();
      await migrate({ url: suite.url, readModels: [] });
      database = openPostgres({ url: suite.url, maxConnections: 8 });
    });
    after(() => database.close());
    beforeEach(async () => {
      await database.query('TRUNCATE notification_inbox');
      store = new InMemoryEventStore();
      doubtful = [];
      const people = personalData(postgresSubjectKeys(database), 'a secret of this suite');
      const contact = await people.seal(anOrder, 'contact', { name: 'Ada', email: 'ada@example.com' });
      await createExecutor({ eventStore: store, random: () => 0 }).execute(
        order,
        orderStream(anOrder),
        {
          type: 'PlaceOrder',
          order: placedOrder({
            lines: [orderLine(1, { track: false })],
            gates: { check: 'skipped', stock: 'skipped', discounts: 'skipped' },
            contact,
          }),
          acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
          allowedModes: ['pickup'],
        },
        {
          commandId: 'place',
          correlationId: 'c',
          causationId: null,
          actor: { kind: 'admin', id: 'admin/local' },
          tenant: 'main',
          at,
        },
      );
    });

    const refunded = (id: string) =>
      ({
        message: {
          id,
          type: 'refund.succeeded.v1',
          time: at,
          data: {
            refundId: idOf('refund', 1),
            paymentId: aPayment,
            orderId: anOrder,
            amount: eur(500),
            reason: 'goodwill',
          },
        } as unknown as CloudEvent<unknown>,
        attempt: 1,
      }) as const;
    /** A process of its own, with nothing in memory. */
    const processWith = (mails: MailTransport) =>
      notificationConsumer({
        executor: createExecutor({ eventStore: store, random: () => 0 }),
        personalData: personalData(postgresSubjectKeys(database), 'a secret of this suite'),
        database,
        mails,
        doubtful: (eventId) => doubtful.push(eventId),
      });
    const row = async () =>
      (
        await database.query<{ begun: number; settled: boolean; note: string | null }>(
          'SELECT begun, settled_at IS NOT NULL AS settled, note FROM notification_inbox',
        )
      ).rows[0];
    const keptIn = (mails: Mail[]): MailTransport => ({
      send: (mail) => {
        mails.push(mail);
        return Promise.resolve({ _tag: 'Sent' });
      },
    });

    it('go out once, however often the message comes, and whoever takes it', async () => {
      const mails: Mail[] = [];
      for (let time = 0; time < 3; time++) await processWith(keptIn(mails)).handle(refunded('event-1'));
      expect(mails.map(({ messageId }) => messageId)).to.deep.equal(['<event-1@mail.comanda.invalid>']);
      expect(await row()).to.deep.equal({ begun: 1, settled: true, note: null });
      await processWith(keptIn(mails)).handle(refunded('event-2'));
      expect(mails).to.have.length(2);
    });

    it('stand in the inbox before they go out', async () => {
      let seen: unknown;
      const looking: MailTransport = {
        send: async () => {
          seen = await row();
          return { _tag: 'Sent' };
        },
      };
      await processWith(looking).handle(refunded('event-1'));
      expect(seen).to.deep.equal({ begun: 1, settled: false, note: null });
    });

    it('go out at most once more, with the same Message-ID, where processes die in the middle, and then never again', async () => {
      const mails: Mail[] = [];
      /** The mail is out, and the process ends before it can say so. */
      const dying: MailTransport = {
        send: (mail) => {
          mails.push(mail);
          return new Promise(() => undefined);
        },
      };
      for (const _ of [1, 2, 3]) {
        const before = mails.length;
        const handled = processWith(dying).handle(refunded('event-1'));
        await Promise.race([handled, new Promise((resolve) => setTimeout(resolve, 500))]);
        expect(mails.length - before).to.be.lessThan(2);
      }
      expect(mails.map(({ messageId }) => messageId)).to.deep.equal([
        '<event-1@mail.comanda.invalid>',
        '<event-1@mail.comanda.invalid>',
      ]);
      expect(doubtful).to.deep.equal(['event-1']);
      expect((await row())?.note).to.match(/nobody knows/);
    });

    it('are tried for as long as it takes while no server answers: what certainly did not go out does not count', async () => {
      const mails: Mail[] = [];
      const down: MailTransport = {
        send: () => Promise.reject(new MailUnavailable('no server', { ambiguous: false })),
      };
      for (let time = 0; time < 5; time++) {
        expect(await failure(processWith(down).handle(refunded('event-1')))).to.be.instanceOf(MailUnavailable);
      }
      expect(await row()).to.include({ begun: 0, settled: false });
      await processWith(keptIn(mails)).handle(refunded('event-1'));
      expect(mails).to.have.length(1);
      expect(await row()).to.include({ settled: true, note: null });
    });

    it('that nobody takes are settled with why, and are no fault', async () => {
      const refusing: MailTransport = { send: () => Promise.resolve({ _tag: 'Refused', reason: 'no such mailbox' }) };
      await processWith(refusing).handle(refunded('event-1'));
      expect(await row()).to.include({ settled: true, note: 'refused: no such mailbox' });
    });
  });

  const mail: Mail = {
    eventId: 'event-1',
    to: { name: 'Ada "the first" Lovelace, Countess', address: 'ada@example.com' },
    subject: 'Grüße',
    text: 'Hallo\n.\nEnde\n',
    messageId: '<event-1@mail.comanda.invalid>',
    date: '2026-01-01T12:00:00.000Z',
    language: 'de',
  };

  describe('over SMTP', () => {
    let server: SMTPServer;
    let received: { readonly to: readonly string[]; readonly text: string }[];

    const listen = async (options: SMTPServerOptions = {}): Promise<string> => {
      received = [];
      server = new SMTPServer({
        disabledCommands: ['AUTH', 'STARTTLS'],
        onData: (stream, session, done) => {
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            const to = session.envelope.rcptTo.map(({ address }) => address);
            received.push({ to, text: Buffer.concat(chunks).toString() });
            done();
          });
        },
        ...options,
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      return `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`;
    };
    const withCode = (responseCode: number) => Object.assign(new Error('not this one'), { responseCode });
    afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

    it('reach their receiver whole', async () => {
      const url = await listen();
      expect(await smtpTransport({ url, from: FROM }).send(mail)).to.deep.equal({ _tag: 'Sent' });
      const [got] = received;
      expect(got?.to).to.deep.equal(['ada@example.com']);
      expect(got?.text).to.contain('Message-ID: <event-1@mail.comanda.invalid>\r\n');
      expect(got?.text).to.contain('Content-Language: de\r\n').and.to.contain('Date: Thu, 01 Jan 2026 12:00:00 +0000');
      expect(got?.text).to.match(/\r\n\r\nHallo\r\n\.\r\nEnde\r\n/);
    });

    it('are refused for good, or put off, by what the server says of the receiver or of the text', async () => {
      let url = await listen({ onRcptTo: (_address, _session, done) => done(withCode(550)) });
      expect(await smtpTransport({ url, from: FROM }).send(mail)).to.include({ _tag: 'Refused' });
      await new Promise<void>((resolve) => server.close(resolve));
      url = await listen({ onRcptTo: (_address, _session, done) => done(withCode(451)) });
      expect(await failure(smtpTransport({ url, from: FROM }).send(mail))).to.be.instanceOf(MailDeferred);
      await new Promise<void>((resolve) => server.close(resolve));
      url = await listen({
        onData: (stream, _session, done) => void stream.resume().on('end', () => done(withCode(554))),
      });
      expect(await smtpTransport({ url, from: FROM }).send(mail)).to.include({ _tag: 'Refused' });
    });

    it('wait for a server that does not let us in: that says nothing about the mail', async () => {
      const url = await listen({ onMailFrom: (_address, _session, done) => done(withCode(550)) });
      const error = await failure(smtpTransport({ url, from: FROM }).send(mail));
      expect(error).to.be.instanceOf(MailUnavailable).and.to.include({ ambiguous: false });
    });

    it('certainly did not go out where nobody listens, and may have where the answer to the text never came', async () => {
      const url = await listen({ onData: (stream) => void stream.resume() });
      const silent = await failure(smtpTransport({ url, from: FROM, timeoutMs: 500 }).send(mail));
      expect(silent).to.be.instanceOf(MailUnavailable).and.to.include({ ambiguous: true });
      const gone = await failure(smtpTransport({ url: 'smtp://127.0.0.1:1', from: FROM }).send(mail));
      expect(gone).to.be.instanceOf(MailUnavailable).and.to.include({ ambiguous: false });
    });
  });

  describe('as files', () => {
    let folder: string;
    beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'comanda-outbox-'))));
    afterEach(() => rm(folder, { recursive: true, force: true }));

    it('are named by their event, so that one sent twice is one file', async () => {
      const outbox = join(folder, 'outbox');
      const mails = emlFiles(outbox, FROM);
      await mails.send(mail);
      await mails.send(mail);
      await mails.send({ ...mail, eventId: 'event-2' });
      expect((await readdir(outbox)).sort()).to.deep.equal(['event-1.eml', 'event-2.eml']);
      const text = await readFile(join(outbox, 'event-1.eml'), 'utf8');
      expect(text).to.contain('Message-ID: <event-1@mail.comanda.invalid>\r\n').and.to.contain('ada@example.com');
    });

    it('that cannot be written are a fault of the system', async () => {
      await writeFile(join(folder, 'outbox'), 'a file');
      const error = await failure(emlFiles(join(folder, 'outbox'), FROM).send(mail));
      expect(error).to.be.instanceOf(MailUnavailable).and.to.include({ isSystemFault: true });
    });
  });
});
