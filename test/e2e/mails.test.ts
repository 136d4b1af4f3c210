import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SMTPServer } from 'smtp-server';
import { until } from '../support/until.js';
import { type Comanda, type Environment, place, startComanda } from './support/comanda.js';

const SUBJECT = /^Subject: (.*)\r$/m;
const MESSAGE_ID = /^Message-ID: (.*)\r$/m;

describe('A customer of a Comanda that is killed while it writes to them', function () {
  this.timeout(900_000);
  let server: SMTPServer;
  let comanda: Comanda | undefined;
  let environment: Environment;
  let dispose: () => Promise<void>;
  /** Every mail whose text the server has, in order; the first one it never says so. */
  const received: { readonly subject: string; readonly messageId: string }[] = [];

  before(async () => {
    server = new SMTPServer({
      disabledCommands: ['AUTH', 'STARTTLS'],
      onData: (stream, _session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          received.push({ subject: SUBJECT.exec(text)?.[1] ?? '', messageId: MESSAGE_ID.exec(text)?.[1] ?? '' });
          if (received.length > 1) done();
        });
      },
    });
    // whoever is killed hangs up without a word
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    ({ environment, dispose } = await place({ SMTP_URL: `smtp://127.0.0.1:${port}` }));
  });
  after(async () => {
    await comanda?.stop();
    await new Promise<void>((resolve) => server.close(resolve));
    await dispose();
  });

  it('has one mail twice at most, with the same Message-ID, and every other one once', async () => {
    comanda = await startComanda(environment);
    const send = (method: string, path: string, body: object, headers: Record<string, string> = {}) =>
      fetch(`${comanda?.url}${path}`, {
        method,
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    await send('PUT', '/v1/offers/tea', { name: 'Tea', price: { amount: 300, currency: 'EUR' }, trackStock: false });
    const lines = [{ sku: 'tea', quantity: 1 }];
    const contact = { name: 'Ada', email: 'ada@example.com' };
    const order = { locationId: 'main', mode: 'pickup', lines, contact, locale: 'en' };
    const placed = await send('POST', '/v1/orders', order, { 'idempotency-key': 'a' });
    expect(placed.status).to.equal(201);

    await until('the server has the text of a mail', () => received.length > 0, 180_000);
    await comanda.kill();
    comanda = await startComanda(environment);
    const [first] = received;
    const copies = () => received.filter(({ messageId }) => messageId === first?.messageId).length;
    const thanked = () => received.some(({ subject }) => subject.startsWith('We have your order'));
    const asked = () => received.some(({ subject }) => subject.startsWith('Please pay your order'));
    await until('every mail has come', () => copies() === 2 && thanked() && asked(), 180_000);

    // whoever wakes up again finds nothing left to send
    await comanda.stop();
    comanda = await startComanda(environment);
    await send('POST', '/v1/orders', order, { 'idempotency-key': 'b' });
    const others = () => new Set(received.map(({ messageId }) => messageId)).size;
    await until('the mails of another order have come', () => others() === 4, 180_000);
    expect(copies()).to.equal(2);
    expect(received).to.have.length(5);
  });
});
