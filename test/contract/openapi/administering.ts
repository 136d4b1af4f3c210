import type { TestApi } from '../../support/inMemory/api.js';
import type { Ask } from './ask.js';

const at = '2026-03-02T09:30:00.000Z';

/** What operators do with parked events, dead letters and read models. */
export async function administer(ask: Ask, api: TestApi): Promise<void> {
  await parkSome(ask, api);
  await buryLetters(ask, api);

  await ask('listReadModels', 200);
  const name = 'order_view';
  await ask('getReadModel', 200, { name });
  await ask('getReadModel', 404, { name: 'nothing' });
  await ask('rebuildReadModel', 202, { name }, { body: { rate: 100, park: true } });
  await ask('rebuildReadModel', 202, { name });
  await ask('rebuildReadModel', 422, { name }, { body: { rate: 0 } });
  await ask('rebuildReadModel', 404, { name: 'nothing' });
  await ask('switchReadModel', 200, { name }, { body: { acceptDifferences: true } });
  await ask('switchReadModel', 404, { name: 'nothing' });
  await ask('returnReadModel', 409, { name });
  await ask('returnReadModel', 404, { name: 'nothing' });
}

async function parkSome(ask: Ask, api: TestApi): Promise<void> {
  const [{ stream, id: eventId } = { stream: '', id: '' }] = api.store.events(api.store.names('order')[0] ?? '');
  for (let n = 0; n < 5; n++) {
    api.parked.events.push({
      id: `placing@${n}`,
      runner: 'placing',
      position: String(n),
      stream,
      revision: n,
      eventId,
      type: 'OrderPlaced',
      key: n === 0 ? 'ord_1' : null,
      reason: 'TypeError: it makes no sense',
      parkedAt: at,
      triedAt: n === 0 ? at : null,
      asked: n === 0 ? 'retry' : null,
    });
  }
  await ask('listParkedEvents', 200, {}, { query: '?limit=2' });
  await ask('listParkedEvents', 400, {}, { query: '?cursor=made-up' });
  await ask('getParkedEvent', 200, { id: 'placing@0' });
  await ask('getParkedEvent', 404, { id: 'placing@99' });
  await ask('discardParkedEvent', 409, { id: 'placing@1' });
  await ask('discardParkedEvent', 202, { id: 'placing@0' });
  await ask('discardParkedEvent', 202, { id: 'placing@4' }, { query: '?following=true' });
  await ask('discardParkedEvent', 404, { id: 'placing@4' });
  await ask('retryParkedEvent', 202, { id: 'placing@2' });
  await ask('retryParkedEvent', 404, { id: 'placing@2' });
  await ask('retryParkedEvents', 202, {}, { query: '?runner=placing' });
}

async function buryLetters(ask: Ask, api: TestApi): Promise<void> {
  for (const id of ['a', 'b', 'c']) {
    const message = { type: 'order.created.v1', subject: 'ord_1' } as never;
    const known = id === 'c' ? undefined : message;
    api.broker.letters.push({
      id,
      queue: 'kitchen',
      reason: 'bad',
      attempts: 4,
      deadAt: at,
      message: known,
      body: '{',
    });
  }
  const queue = 'kitchen';
  await ask('listDeadLetters', 200, {}, { query: '?limit=1' });
  await ask('listDeadLetters', 404, {}, { query: '?queue=nothing' });
  await ask('getDeadLetter', 200, { queue, id: 'a' });
  await ask('getDeadLetter', 200, { queue, id: 'c' });
  await ask('getDeadLetter', 404, { queue, id: 'z' });
  await ask('retryDeadLetter', 200, { queue, id: 'a' });
  await ask('retryDeadLetter', 404, { queue, id: 'a' });
  await ask('discardDeadLetter', 204, { queue, id: 'b' });
  await ask('discardDeadLetter', 404, { queue, id: 'b' });
  await ask('retryDeadLetters', 200, { queue });
  await ask('retryDeadLetters', 404, { queue: 'nothing' });
  await ask('discardDeadLetters', 200, { queue });
  await ask('discardDeadLetters', 404, { queue: 'nothing' });
}
