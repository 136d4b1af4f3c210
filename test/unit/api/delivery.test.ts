import { expect } from 'chai';
import { freshCommandId } from '../../../src/commands/identity.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderCommand } from '../../../src/domain/order/index.js';
import { anOrder, at, idOf } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';
import { placeToShip } from './toShip.js';

const contact = { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+4930123456' };
const address = { name: 'Ada Lovelace', street: 'St James 12', city: 'Berlin', postalCode: '10115', country: 'DE' };

describe('Whom an order is for, and where it goes', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  describe('when it is placed', () => {
    const wanted = { locationId: 'main', mode: 'pickup', lines: [{ sku: 'soup', quantity: 1 }] };
    const place = (body: object, key = 'k') =>
      api.request('POST', '/v1/orders', { body: { ...wanted, ...body }, headers: { 'Idempotency-Key': key } });
    beforeEach(async () => {
      const offer = { name: 'Soup', price: { amount: 450, currency: 'EUR' }, trackStock: false };
      await api.request('PUT', '/v1/offers/soup', { body: offer });
    });

    it('stands sealed in the log, in no answer, and can be read by whoever has the key', async () => {
      const { status, body, text } = await place({ contact, address, locale: 'de' });
      expect(status, text).to.equal(201);
      expect(text).not.to.match(/Ada|ada@|Berlin/);
      const stored = api.store.events(orderStream(body.id as never)).map(({ data, metadata }) => [data, metadata]);
      const written = Buffer.from(JSON.stringify(stored)).toString();
      expect(written).not.to.match(/Ada|ada@|Berlin|4930/);
      const { state } = await api.executor.load(order, orderStream(body.id as never), { fresh: true });
      if (state.status === 'none' || !state.contact || !state.address) throw new Error('nothing is sealed');
      expect(await api.personalData.open(state.contact, 'contact')).to.deep.equal(contact);
      expect(await api.personalData.open(state.address, 'address')).to.deep.equal(address);
      expect(state.details.locale).to.equal('de');
    });

    it('belongs to the request: the same person is the same request, another one is not', async () => {
      const first = await place({ contact });
      const again = await place({ contact });
      expect([again.status, again.headers.get('idempotent-replayed'), again.body.id]).to.deep.equal([
        201,
        'true',
        first.body.id,
      ]);
      expect((await place({ contact: { ...contact, name: 'Bob' } })).status).to.equal(422);
      expect((await place({})).status).to.equal(422);
    });

    it('is refused, with all that is wrong, where it is none', async () => {
      const { status, body } = await place({
        contact: { email: 'ada@example.com\r\nBcc: all@example.com', phone: '030', nick: 'a' },
        address: { ...address, country: 'XX' },
        locale: 'Deutsch!',
      });
      expect(status).to.equal(422);
      expect((body.errors as { pointer: string }[]).map(({ pointer }) => pointer).sort()).to.deep.equal([
        '/address/country',
        '/contact/email',
        '/contact/nick',
        '/contact/phone',
        '/locale',
      ]);
      expect(api.subjectKeys.kept.size).to.equal(0);
    });

    it('is in a country that there is, under a postal code as it has them', async () => {
      const errorsOf = async (change: object) =>
        ((await place({ address: { ...address, ...change } })).body.errors as readonly object[]).map((error) => ({
          ...error,
          detail: '',
        }));
      for (const country of ['ZZ', 'EU', 'UK', 'QO', 'de']) {
        expect(await errorsOf({ country }), country).to.deep.equal([
          { pointer: '/address/country', code: 'unknown-country', detail: '' },
        ]);
      }
      for (const [country, postalCode] of [
        ['DE', '1011'],
        ['AT', '10115'],
        ['GB', '10115'],
        ['US', '1000'],
      ]) {
        expect(await errorsOf({ country, postalCode }), postalCode).to.deep.equal([
          { pointer: '/address/postalCode', code: 'invalid-format', detail: '' },
        ]);
      }
      const { body } = await place({ address: { ...address, postalCode: 'B-1000' } });
      expect(body.detail).to.contain('address.postalCode').and.to.contain('must be a postal code of DE, such as 10115');
      expect(api.subjectKeys.kept.size).to.equal(0);
    });

    it('leaves no key behind where the order is refused', async () => {
      expect((await place({ contact, mode: 'shipping' })).status).to.equal(422);
      expect(api.subjectKeys.kept.size).to.equal(0);
    });
  });

  describe('afterwards', () => {
    const lineId = idOf('line', 1);
    const ask = (command: OrderCommand) =>
      api.executor.execute(order, orderStream(anOrder), command, {
        commandId: freshCommandId(),
        correlationId: 'test',
        causationId: null,
        actor: { kind: 'system', id: 'system/test' },
        tenant: 'main',
        at,
      });
    const put = (body: object, headers: Record<string, string> = { 'If-Match': '*' }, id: string = anOrder) =>
      api.request('PUT', `/v1/orders/${id}/delivery`, { body, headers });

    beforeEach(async () => {
      await ask(placeToShip(1));
      await ask({ type: 'StartFulfilment', tickets: [], shipLines: [lineId] });
    });

    it('can be changed until something has left', async () => {
      const tomorrow = Math.floor(Date.now() / 1_000) * 1_000 + 86_400_000;
      const elsewhere = new Date(tomorrow + 7_200_000).toISOString().replace('.000Z', '+02:00');
      const changed = await put({ address, promisedAt: elsewhere });
      expect(changed.status, changed.text).to.equal(200);
      const { state } = await api.executor.load(order, orderStream(anOrder), { fresh: true });
      if (state.status === 'none' || !state.address) throw new Error('nothing is sealed');
      expect(await api.personalData.open(state.address, 'address')).to.deep.equal(address);
      expect(state.promisedAt).to.equal(new Date(tomorrow).toISOString());

      const shipmentId = idOf('shipment', 1);
      await ask({ type: 'AllotLines', shipmentId, lines: [{ lineId, qty: 1 }] });
      await ask({ type: 'RecordDispatch', shipmentId, carrier: 'post' });
      const late = await put({ address: { ...address, street: 'Elsewhere 1' } });
      expect([late.status, late.body.type]).to.deep.equal([409, '/problems/already-dispatched']);
    });

    it('is written once, however often it is said', async () => {
      const first = await put({ contact, address });
      const again = await put({ contact, address });
      expect([again.status, again.headers.get('etag')]).to.deep.equal([200, first.headers.get('etag')]);
    });

    it('takes the revision that is meant', async () => {
      expect((await put({ contact }, {})).status).to.equal(428);
      expect((await put({ contact }, { 'If-Match': '"r99"' })).status).to.equal(412);
    });

    it('names what is wrong', async () => {
      const pointers = async (body: object) =>
        ((await put(body)).body.errors as { pointer: string; code: string }[]).map(({ pointer }) => pointer);
      expect(await pointers({})).to.deep.equal(['']);
      expect(await pointers({ promisedAt: '2020-01-01T00:00:00Z' })).to.deep.equal(['/promisedAt']);
      expect(await pointers({ promisedAt: '9999-12-31T23:59:59-23:59' })).to.deep.equal(['/promisedAt']);
      expect(await pointers({ address: { street: 'Way 1' } })).to.include('/address/city');
    });

    it('is at a time at which somebody is there', async () => {
      const location = await api.request('GET', '/v1/locations/main');
      const { revision: _, locationId: __, ...terms } = location.body;
      const hours = { weekly: [], exceptions: [] };
      const closed = await api.request('PUT', '/v1/locations/main', {
        body: { ...terms, hours, reason: 'a holiday' },
        headers: { 'If-Match': '*' },
      });
      expect(closed.status, closed.text).to.equal(200);
      const refused = await put({ promisedAt: new Date(Date.now() + 3_600_000).toISOString() });
      expect([refused.status, refused.body.type]).to.deep.equal([409, '/problems/location-closed']);
      expect((await put({ contact })).status).to.equal(200);
    });

    it('is where anything is brought', async () => {
      const location = await api.request('GET', '/v1/locations/main');
      const { revision: _, locationId: __, ...terms } = location.body;
      const screening = { timeoutSeconds: 30, onSilence: 'hold', zones: ['10', '12'] };
      const changed = await api.request('PUT', '/v1/locations/main', {
        body: { ...terms, screening, reason: 'the other bank is too far' },
        headers: { 'If-Match': '*' },
      });
      expect(changed.status, changed.text).to.equal(200);
      const refused = await put({ address: { ...address, postalCode: '13347' } });
      expect([refused.status, refused.body.type]).to.deep.equal([422, '/problems/address-not-served']);
      expect(api.subjectKeys.kept.size).to.equal(0);
      expect((await put({ address: { ...address, postalCode: '12047' } })).status).to.equal(200);
    });

    it('gives nobody a key for an order that does not exist', async () => {
      const nobody = idOf('order', 9);
      expect((await put({ contact }, { 'If-Match': '*' }, nobody)).status).to.equal(404);
      expect(api.subjectKeys.kept.size).to.equal(0);
    });
  });
});
