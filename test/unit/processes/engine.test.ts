import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import sinon from 'sinon';
import type { CommandContext, Executor } from '../../../src/commands/executor/contract.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { derivedCommandId } from '../../../src/commands/identity.js';
import type { StreamName } from '../../../src/domain/kernel/streams.js';
import { createEngine, type Reaction } from '../../../src/processes/engine/engine.js';
import { TryAgainLater } from '../../../src/processes/engine/faults.js';
import type { Outcome, Refused } from '../../../src/processes/engine/outcome.js';
import { type Step, toStock } from '../../../src/processes/engine/step.js';
import { isSystemFault } from '../../../src/subscriptions/systemFault.js';
import { anOrder, aReservation, at, main, sku } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';

const register = (item: string, onHand = 1): Step =>
  toStock(sku(item), main, 'register', { type: 'RegisterStock', sku: sku(item), locationId: main, onHand });
const reserve = (item: string, qty: number): Step =>
  toStock(sku(item), main, 'reserve', { type: 'ReserveStock', reservationId: aReservation, orderId: anOrder, qty });
const origin = { correlationId: 'correlation-1', causationId: 'event-1', tenant: 'main', traceparent: '00-trace' };

function parts(executor?: Executor) {
  const store = new InMemoryEventStore();
  const timers = { schedule: sinon.stub().resolves(), cancel: sinon.stub().resolves() };
  const sessions = { observe: sinon.stub(), close: sinon.stub() };
  const refusals: Refused[] = [];
  const engine = createEngine({
    executor: executor ?? createExecutor({ eventStore: store, random: () => 0 }),
    clock: { now: () => at },
    timers,
    sessions,
    refused: (_process, refusal) => refusals.push(refusal),
  });
  return { engine, store, timers, sessions, refusals };
}

const reaction = (first: readonly Step[], next: Reaction['next'] = () => []): Reaction => ({
  process: 'trial',
  cause: { id: 'event-1', origin },
  first,
  next,
});

describe('the engine of the processes', () => {
  it('issues commands under ids derived from process, cause, step and stream, in the name of the process', async () => {
    const { engine, store } = parts();
    await engine.run(reaction([register('apple')]));
    const [event] = store.events('stock-apple_main');
    expect(event?.metadata).to.deep.include({
      commandId: derivedCommandId('trial', 'event-1', 'register', 'stock-apple_main'),
      $correlationId: 'correlation-1',
      $causationId: 'event-1',
      actor: { kind: 'system', id: 'system/trial' },
      tenant: 'main',
      traceparent: '00-trace',
      at,
    });
  });

  it('writes nothing when the same reaction is run again', async () => {
    const { engine, store } = parts();
    await engine.run(reaction([register('apple')]));
    await engine.run(reaction([register('apple')]));
    expect(store.events('stock-apple_main')).to.have.length(1);
  });

  it('feeds every outcome back, refusals with what they say', async () => {
    const { engine, refusals } = parts();
    const seen: (readonly Outcome[])[] = [];
    await engine.run(
      reaction([register('apple'), register('pear', 5)], (outcomes) => {
        seen.push([...outcomes]);
        if (seen.length > 1) return [];
        return [reserve('apple', 2), reserve('pear', 2)];
      }),
    );
    expect(seen.at(-1)?.map(({ result }) => result)).to.deep.equal(['accepted', 'accepted', 'refused', 'accepted']);
    expect(refusals.map(({ rejection }) => rejection)).to.deep.equal([
      { _tag: 'InsufficientStock', sku: 'apple', wanted: 2, available: 1 },
    ]);
  });

  it('lets no reaction want the same step twice, for that would never end', async () => {
    const { engine } = parts();
    const error = await failure(engine.run(reaction([register('apple')], () => [register('apple')])));
    expect(error.message).to.include('twice');
    expect(isSystemFault(error)).to.equal(false);
  });

  it('tells a process that the provider is silent instead of failing', async () => {
    const { engine, sessions } = parts();
    sessions.close.rejects(new Error('down'));
    const results: string[] = [];
    await engine.run(
      reaction([{ kind: 'session', name: 'close', sessionId: 'cs_1' }], (outcomes) => {
        results.push(...outcomes.map(({ result }) => result));
        return [];
      }),
    );
    expect(results).to.deep.equal(['silent']);
  });

  it('gives up for now, as a fault of the system, when the process wants to wait', async () => {
    const cause = new Error('down');
    const error = await failure(parts().engine.run(reaction([{ kind: 'later', reason: 'not yet', error: cause }])));
    expect(error).to.be.instanceOf(TryAgainLater);
    expect(isSystemFault(error)).to.equal(true);
    expect(error.cause).to.equal(cause);
  });

  it('takes writers that are always faster for a fault of the system, never for a refusal', async () => {
    const conflict = { _tag: 'ConcurrencyConflict', stream: 'stock-apple_main' } as const;
    const busy: Executor = {
      execute: (_aggregate, _stream: StreamName, _command, _context: CommandContext) =>
        Promise.resolve(E.left(conflict)),
      load: () => Promise.reject(new Error('not used')),
    };
    const { engine, refusals } = parts(busy);
    expect(isSystemFault(await failure(engine.run(reaction([register('apple')]))))).to.equal(true);
    expect(refusals).to.deep.equal([]);
  });

  it('waits for the steps beside one that fails before it fails itself', async () => {
    const { engine, timers, store } = parts();
    timers.cancel.rejects(new Error('the database is gone'));
    const error = await failure(engine.run(reaction([{ kind: 'cancel', timerId: 't' }, register('apple')])));
    expect(error.message).to.equal('the database is gone');
    expect(store.events('stock-apple_main')).to.have.length(1);
  });

  it('sets timers with the envelope that their commands will carry on', async () => {
    const { engine, timers } = parts();
    const timer = {
      id: 'trial/1',
      process: 'trial',
      correlation: anOrder,
      dueAt: at,
      task: { type: 'complete-order', orderId: anOrder },
    } as const;
    await engine.run(reaction([{ kind: 'schedule', timer }]));
    expect(timers.schedule.firstCall.args).to.deep.equal([{ ...timer, origin }]);
  });
});

async function failure(promise: Promise<unknown>): Promise<Error> {
  const error = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) expect.fail('it did not fail');
  return error;
}
