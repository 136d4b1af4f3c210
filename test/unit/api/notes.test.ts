import { expect } from 'chai';
import { freshCommandId } from '../../../src/commands/identity.js';
import type { OrderId } from '../../../src/domain/kernel/ids.js';
import { orderStream, ticketStream } from '../../../src/domain/kernel/streams.js';
import { order } from '../../../src/domain/order/index.js';
import { ticket } from '../../../src/domain/ticket/index.js';
import { aTicket, idOf, openedTicket } from '../../support/fixtures.js';
import { startTestApi, type TestApi } from '../../support/inMemory/api.js';

describe('What people note of an order', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
    const offer = { name: 'Soup', price: { amount: 450, currency: 'EUR' }, trackStock: false };
    await api.request('PUT', '/v1/offers/soup', { body: offer });
  });
  afterEach(() => api.close());

  const soup = { sku: 'soup', quantity: 1 };
  const place = (body: object, key = 'k') =>
    api.request('POST', '/v1/orders', {
      body: { locationId: 'main', mode: 'pickup', lines: [soup], ...body },
      headers: { 'idempotency-key': key },
    });
  const stateOf = async (id: unknown) => {
    const { state } = await api.executor.load(order, orderStream(id as OrderId), { fresh: true });
    if (state.status === 'none') throw new Error('there is no order');
    return state;
  };
  const written = (stream: string): string =>
    JSON.stringify(api.store.events(stream).map(({ data, metadata }) => [data, metadata]));

  describe('when it is placed', () => {
    it('stands sealed in the log and in no answer; another note is another line', async () => {
      const noted = { ...soup, note: 'Ada eats no onions' };
      const { status, text, body } = await place({ lines: [soup, noted, noted, soup], note: 'Ada has a birthday' });
      expect(status, text).to.equal(201);
      expect(text).not.to.contain('Ada');
      expect(written(orderStream(body.id as OrderId))).not.to.contain('Ada');
      const { details, lines } = await stateOf(body.id);
      expect(lines.map(({ sku, qty }) => [sku, qty])).to.deep.equal([
        ['soup', 2],
        ['soup', 2],
      ]);
      const sealed = [details.note, ...lines.map(({ note }) => note)];
      const opened = await Promise.all(sealed.map(async (note) => note && (await api.personalData.open(note, 'note'))));
      expect(opened).to.deep.equal(['Ada has a birthday', undefined, 'Ada eats no onions']);
    });

    it('belongs to the request: the same notes are the same request, others are not', async () => {
      const lines = [{ ...soup, note: 'hot' }];
      const first = await place({ lines, note: 'soon' });
      expect((await place({ lines, note: 'soon' })).body.id).to.equal(first.body.id);
      expect((await place({ lines, note: 'later' })).status).to.equal(422);
      expect((await place({ lines: [{ ...soup, note: 'cold' }], note: 'soon' })).status).to.equal(422);
      expect((await place({ lines: [soup], note: 'soon' })).status).to.equal(422);
    });

    it('changes no price', async () => {
      const quoted = await api.request('POST', '/v1/quotes', {
        body: { locationId: 'main', mode: 'pickup', lines: [soup] },
      });
      const noted = await place({ lines: [{ ...soup, note: 'hot' }], priceHash: quoted.body.priceHash });
      expect(noted.status, noted.text).to.equal(201);
    });

    it('is refused where it is too long, or no text', async () => {
      for (const note of ['x'.repeat(201), '', 'a\u0000b', 7]) {
        expect((await place({ note })).status).to.equal(422);
        expect((await place({ lines: [{ ...soup, note }] })).status).to.equal(422);
      }
    });
  });

  it('by the staff stands sealed in the log, and the timeline shows it, until whom it is about is erased', async () => {
    const { body } = await place({});
    const path = `/v1/orders/${String(body.id)}`;
    const add = (text: string, visibility: string, key: string) =>
      api.request('POST', `${path}/notes`, { body: { text, visibility }, headers: { 'idempotency-key': key } });
    const added = await add('Ada called: no nuts', 'kitchen', 'one');
    expect(added.status).to.equal(201);
    expect((await add('Ada called: no nuts', 'kitchen', 'one')).body).to.deep.equal(added.body);
    await add('Ada rings twice', 'staff', 'two');
    expect(written(orderStream(body.id as OrderId))).not.to.contain('Ada');
    const notes = async () => {
      const { items } = (await api.request('GET', `${path}/timeline`)).body as {
        items: { type: string; data: { text?: string | null; sealed?: string } }[];
      };
      return items.filter(({ type }) => type === 'NoteAdded').map(({ data }) => [data.text, data.sealed]);
    };
    expect(await notes()).to.deep.equal([
      ['Ada called: no nuts', undefined],
      ['Ada rings twice', undefined],
    ]);
    expect((await stateOf(body.id)).kitchenNotes).to.have.length(1);
    api.subjectKeys.kept.clear();
    expect(await notes()).to.deep.equal([
      [null, undefined],
      [null, undefined],
    ]);
    const nobody = await api.request('POST', '/v1/orders/ord_01j00000000000000000000000/notes', {
      body: { text: 'x' },
    });
    expect([nobody.status, api.subjectKeys.kept.size]).to.deep.equal([404, 0]);
  });

  it('is shown to the kitchen, everywhere a ticket is; what cannot be opened is seen to be there', async () => {
    const seal = (text: string) => api.personalData.seal('ord_x', 'note', text);
    const [first, ...others] = openedTicket().items;
    if (!first) throw new Error('a ticket has items');
    const items = [{ ...first, note: await seal('no onions') }, ...others];
    const context = {
      correlationId: 'test',
      causationId: null,
      actor: { kind: 'system', id: 'system/test' },
      tenant: 'main',
      at: '2026-01-01T12:00:00.000Z',
    } as const;
    const opened = { ...openedTicket({ note: await seal('a birthday') }), items };
    for (const command of [
      { type: 'OpenTicket', ticket: opened },
      { type: 'AddNote', noteId: idOf('note', 1), note: await seal('no nuts'), by: 'ana' },
    ] as const) {
      await api.executor.execute(ticket, ticketStream(aTicket), command, { ...context, commandId: freshCommandId() });
    }
    type Shown = { notes: (string | null)[]; items: { note?: string | null }[] };
    const expectNotes = ({ notes, items: shown }: Shown, whole: (string | null)[], ofFirst: string | null): void => {
      expect(notes).to.deep.equal(whole);
      expect(shown.map(({ note }) => note)).to.deep.equal([ofFirst, undefined]);
    };
    const board = async (): Promise<Shown> => {
      const { items: tickets } = (await api.request('GET', '/v1/kitchen/tickets')).body as { items: Shown[] };
      return tickets[0] as Shown;
    };
    const clear: [string[], string] = [['a birthday', 'no nuts'], 'no onions'];
    expectNotes(await board(), ...clear);
    expectNotes((await api.request('GET', `/v1/kitchen/tickets/${aTicket}`)).body as Shown, ...clear);
    expectNotes((await api.request('POST', `/v1/kitchen/tickets/${aTicket}/rush`)).body as Shown, ...clear);
    api.subjectKeys.kept.clear();
    expectNotes(await board(), [null, null], null);
  });
});
