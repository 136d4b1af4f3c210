import { expect } from 'chai';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext, Committed } from '../../../src/commands/executor/contract.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { StoreUnavailable } from '../../../src/commands/ports/eventStore.js';
import { decodeStored } from '../../../src/commands/replay/decodeStored.js';
import { type Fate, scriptedStore, type ScriptedStore } from './scriptedStore.js';
import { context, TALLY, type Tally, tally, type TallyCommand, type TallyEvent } from './tally.js';

const FATES: readonly Fate[] = ['stored', 'overtaken', 'ackLost', 'requestLost', 'late', 'unavailable'];
const IMPATIENT = { baseMs: 0, maxMs: 0 };

const command = fc.oneof<fc.Arbitrary<TallyCommand>[]>(
  fc.record({
    type: fc.constant('Add' as const),
    label: fc.constant('l'),
    by: fc.integer({ min: 0, max: 3 }),
    times: fc.integer({ min: 1, max: 2 }),
  }),
  fc.record({ type: fc.constant('RaiseTo' as const), label: fc.constant('l'), total: fc.integer({ min: 0, max: 9 }) }),
  fc.constant({ type: 'Break' as const }),
);

/** One call: which of two processes gets it, under which of a few command ids, and how many calls come together. */
const call = fc.record({
  process: fc.nat(1),
  command,
  id: fc.nat(11),
  creates: fc.boolean(),
  ifMatch: fc.option(fc.integer({ min: -1, max: 3 }), { nil: undefined, freq: 6 }),
  together: fc.boolean(),
});
type Call = typeof call extends fc.Arbitrary<infer T> ? T : never;

const world = fc.record({
  calls: fc.array(call, { minLength: 1, maxLength: 30 }),
  fates: fc.array(fc.constantFrom(...FATES), { maxLength: 40 }),
  cache: fc.constantFrom(1, 100),
  maxBatchCommands: fc.constantFrom(2, 64),
});

/** The id and what it stands for: the same id always means the same command, as derivation guarantees. */
const commandOf = (calls: readonly Call[], { id }: Call): TallyCommand =>
  calls.find((other) => other.id === id)?.command ?? { type: 'Break' };
const commandIdOf = ({ id }: Call): string => `00000000-0000-5000-8000-${String(id).padStart(12, '0')}`;

function foldTo(store: ScriptedStore, revision: number): Tally {
  return store
    .events(TALLY)
    .slice(0, revision + 1)
    .reduce((state, stored) => tally.evolve(state, decodeStored(tally.codec, stored).event), tally.initial);
}

/** Where the events of a command stand. */
const revisionsOf = (store: ScriptedStore, commandId: string): readonly number[] =>
  store
    .events(TALLY)
    .filter((stored) => decodeStored(tally.codec, stored).meta.commandId === commandId)
    .map(({ revision }) => revision);

function expectTrue(store: ScriptedStore, commandId: string, committed: Committed<Tally, TallyEvent>): void {
  expect(committed.state).to.deep.equal(foldTo(store, committed.revision));
  const stored = revisionsOf(store, commandId);
  if (committed.events.length === 0 && !committed.repeated) {
    expect(committed.position).to.equal(null);
    return;
  }
  expect(stored.at(-1)).to.equal(committed.revision);
  const own = store.events(TALLY)[committed.revision];
  expect(own && committed.position !== null && own.position <= committed.position).to.equal(true);
  if (!committed.repeated) {
    expect(committed.events.map(({ revision }) => revision)).to.deep.equal(stored);
    const ids = stored.map((revision) => store.events(TALLY)[revision]?.id);
    expect(committed.events.map(({ id }) => id)).to.deep.equal(ids);
  }
}

describe('executor: what holds whatever goes wrong', () => {
  it('loses nothing acknowledged, applies nothing twice, and answers with true revisions and states', async function () {
    this.timeout(300_000);
    await fc.assert(
      fc.asyncProperty(world, async ({ calls, fates, cache, maxBatchCommands }) => {
        const store = scriptedStore();
        store.script(...fates);
        const processes = [0, 1].map(() =>
          createExecutor({
            eventStore: store,
            random: () => 0,
            cache: { streams: cache, events: 1_000 },
            conflictRetries: { retries: 3, ...IMPATIENT },
            storeRetries: { retries: 2, ...IMPATIENT },
            maxBatchCommands,
          }),
        );
        const acknowledged: { commandId: string; committed: Committed<Tally, TallyEvent> }[] = [];
        let running: Promise<void>[] = [];
        for (const asked of calls) {
          const commandId = commandIdOf(asked);
          const more: Partial<CommandContext> = {
            creates: asked.creates,
            ...(asked.ifMatch !== undefined && { ifMatch: asked.ifMatch }),
          };
          const executor = processes[asked.process];
          if (!executor) throw new Error('two processes are enough');
          const answer = executor.execute(tally, TALLY, commandOf(calls, asked), context(commandId, more)).then(
            (outcome) => {
              if (E.isRight(outcome)) acknowledged.push({ commandId, committed: outcome.right });
            },
            (error: unknown) => {
              if (error instanceof StoreUnavailable) return;
              expect(error).to.have.property('message', 'a bug in decide');
            },
          );
          running.push(answer);
          if (asked.together) continue;
          await Promise.all(running);
          running = [];
        }
        await Promise.all(running);

        for (const { commandId, committed } of acknowledged) expectTrue(store, commandId, committed);
        const ids = store.events(TALLY).map(({ id }) => id);
        expect(new Set(ids).size).to.equal(ids.length);
        for (const executor of processes) {
          const remembered = await executor.load(tally, TALLY);
          expect(remembered.state).to.deep.equal(foldTo(store, remembered.revision));
          const read = await executor.load(tally, TALLY, { fresh: true });
          expect(read.revision).to.equal(ids.length - 1);
          expect(read.state).to.deep.equal(foldTo(store, read.revision));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
