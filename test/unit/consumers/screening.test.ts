import { expect } from 'chai';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { checkIdOf } from '../../../src/commands/identity.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import type { CheckCompletedV1, CheckRequestedV1 } from '../../../src/consumers/contracts/index.js';
import { MessageFault } from '../../../src/consumers/ports/faults.js';
import { checkEngine } from '../../../src/consumers/screening/checkEngine.js';
import { checkResults } from '../../../src/consumers/screening/checkResults.js';
import { check } from '../../../src/consumers/screening/rules.js';
import { fold } from '../../../src/domain/kernel/aggregate.js';
import { orderStream } from '../../../src/domain/kernel/streams.js';
import { order, type OrderEvent } from '../../../src/domain/order/index.js';
import { DEFAULT_SETTINGS } from '../../../src/domain/settings/index.js';
import { orderBlock } from '../../../src/projections/publishers/orderBlock.js';
import { anOrder, aPayment, at, dueAt, eur, orderLine, placedOrder } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';

const clock = { now: () => at };
const settings = { now: () => DEFAULT_SETTINGS };
const checkId = checkIdOf(anOrder);
const placed = placedOrder({
  gates: { check: 'required', stock: 'skipped', discounts: 'skipped' },
  screening: { timeoutSeconds: 30, onSilence: 'hold' },
  checkId,
});

function request(
  limits: NonNullable<CheckRequestedV1['limits']>,
  change: Partial<CheckRequestedV1> & { readonly quantities?: readonly number[] } = {},
): CheckRequestedV1 {
  const { quantities = [2, 2], ...rest } = change;
  const lines = quantities.map((qty, index) => orderLine(index + 1, { qty, sku: orderLine(1).sku, name: 'Apple' }));
  const event: OrderEvent = { type: 'OrderPlaced', data: { ...placed, lines } };
  const state = fold(order, order.initial, [event]);
  if (state.status === 'none') throw new Error('there is no order');
  return {
    checkId,
    requestId: 'event-1',
    actionType: 'order_check',
    order: orderBlock(state),
    value: eur(20_000),
    deadline: dueAt,
    limits,
    ...rest,
  };
}

const stranger = { age: 0, orders: 0, flags: ['new'] };

describe('the rules of the check engine', () => {
  const verdicts: readonly (readonly [string, CheckRequestedV1, string])[] = [
    ['without any limit everything passes', request({}), 'passed'],
    ['up to the limit of the amount it passes', request({ reviewAbove: 200, rejectAbove: 500 }), 'passed'],
    ['above it somebody looks at it', request({ reviewAbove: 199 }), 'review'],
    ['what is far too dear fails', request({ reviewAbove: 100, rejectAbove: 199 }), 'failed'],
    ['as many as usual pass', request({ reviewQuantityAbove: 4 }), 'passed'],
    ['more of one article are looked at, on however many lines', request({ reviewQuantityAbove: 3 }), 'review'],
    [
      'a served zone passes',
      request({ zones: ['10'] }, { destination: { country: 'DE', postalPrefix: '10' } }),
      'passed',
    ],
    ['no other does', request({ zones: ['10'] }, { destination: { country: 'DE', postalPrefix: '20' } }), 'failed'],
    ['half an address is looked at', request({ zones: ['10'] }, { destination: { country: 'DE' } }), 'review'],
    ['what goes nowhere has no zone', request({ zones: ['10'] }), 'passed'],
    ['what weighs as usual passes', request({ reviewWeightAbove: 1200 }, { weight: 1200 }), 'passed'],
    ['what is heavier is looked at', request({ reviewWeightAbove: 1200 }, { weight: 1201 }), 'review'],
    ['what says nothing of its weight passes', request({ reviewWeightAbove: 1200 }), 'passed'],
    ['a first order up to the limit passes', request({ reviewNewAbove: 200 }, { account: stranger }), 'passed'],
    ['a dearer first order is looked at', request({ reviewNewAbove: 199 }, { account: stranger }), 'review'],
    [
      'whoever ordered before may order more',
      request({ reviewNewAbove: 199 }, { account: { age: 3, orders: 1, flags: [] } }),
      'passed',
    ],
    ['of whom nobody knows anything nothing is said', request({ reviewNewAbove: 199 }), 'passed'],
    ['the gravest finding decides', request({ reviewQuantityAbove: 1, rejectAbove: 1 }), 'failed'],
  ];
  for (const [name, asked, verdict] of verdicts) {
    it(`${name}: ${verdict}`, () => expect(check(asked).verdict).to.equal(verdict));
  }

  it('say what they found, one by one', () => {
    expect(check(request({ reviewAbove: 1, reviewQuantityAbove: 3 })).rules).to.deep.equal([
      { code: 'amount', outcome: 'review', text: 'costs more than 1 EUR' },
      { code: 'quantity', outcome: 'review', text: 'more than 3 of one article: 4 of Apple' },
    ]);
  });
});

const envelope = <D>(type: string, id: string, data: D): CloudEvent<D> => ({
  specversion: '1.0',
  id,
  source: '/test',
  type,
  subject: anOrder,
  time: at,
  datacontenttype: 'application/json',
  dataschema: `urn:comanda:message:${type}`,
  streamrevision: 0,
  position: '1',
  correlationid: 'correlation-1',
  causationid: 'command-1',
  tenant: 'main',
  data,
});

describe('the check engine', () => {
  it('answers a job with its verdict, under the id that a repeat has too', async () => {
    const answers: CloudEvent<unknown>[] = [];
    const engine = checkEngine({
      callbacks: {
        publish: (message) => {
          answers.push(message);
          return Promise.resolve();
        },
      },
      clock,
    });
    const job = envelope('check.requested.v1', checkId, request({ reviewAbove: 1 }));
    await engine.handle({ message: job, attempt: 1 });
    await engine.handle({ message: job, attempt: 2 });
    expect(answers).to.have.length(2);
    expect(answers[1]).to.deep.equal(answers[0]);
    expect(answers[0]).to.deep.include({
      type: 'check.completed.v1',
      source: '/comanda/screening',
      correlationid: 'correlation-1',
      causationid: checkId,
    });
    expect(answers[0]?.data).to.deep.include({ checkId, orderId: anOrder, verdict: 'review', engine: 'comanda-rules' });
  });
});

describe('what the check engine found', () => {
  function house() {
    const store = new InMemoryEventStore();
    const executor = createExecutor({ eventStore: store, random: () => 0 });
    const results = checkResults({ executor, clock, settings });
    const answer = (change: Partial<CheckCompletedV1> = {}, id = 'answer-1') =>
      results.handle({
        attempt: 1,
        message: envelope('check.completed.v1', id, {
          checkId,
          orderId: anOrder,
          verdict: 'passed',
          rules: [],
          engine: 'another program',
          engineVersion: '7',
          ...change,
        }),
      });
    const place = () =>
      executor.execute(
        order,
        orderStream(anOrder),
        {
          type: 'PlaceOrder',
          order: placed,
          acceptance: { paymentId: aPayment, paymentDueAt: dueAt },
          allowedModes: ['pickup'],
        },
        {
          commandId: 'place',
          correlationId: 'correlation-1',
          causationId: null,
          actor: { kind: 'admin', id: 'admin/local' },
          tenant: 'main',
          at,
        },
      );
    return { store, answer, place, types: () => store.events(orderStream(anOrder)).map(({ type }) => type) };
  }
  const faultOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('accepts the order, with the time to pay from now on', async () => {
    const { store, answer, place, types } = house();
    await place();
    await answer();
    expect(types()).to.deep.equal(['OrderPlaced', 'OrderChecked', 'OrderAccepted']);
    expect(store.events(orderStream(anOrder)).at(-1)?.data).to.deep.include({ paymentDueAt: dueAt });
  });

  it('counts once, though it comes again under another id and says something else', async () => {
    const { answer, place, types } = house();
    await place();
    await answer();
    await answer({}, 'answer-1');
    await answer({ verdict: 'failed' }, 'answer-2');
    expect(types()).to.deep.equal(['OrderPlaced', 'OrderChecked', 'OrderAccepted']);
  });

  it('holds the order for as long as the settings give somebody to look at it', async () => {
    const { store, answer, place, types } = house();
    await place();
    await answer({ verdict: 'review' });
    expect(types()).to.deep.equal(['OrderPlaced', 'OrderChecked', 'OrderHeld']);
    expect(store.events(orderStream(anOrder)).at(-1)?.data).to.deep.include({ decideBy: '2024-05-05T12:00:00.000Z' });
  });

  it('is a fault of the message where nobody asked, or there is no such order', async () => {
    const { answer, place, types } = house();
    expect(await faultOf(answer())).to.be.instanceOf(MessageFault);
    await place();
    expect(await faultOf(answer({ checkId: `${checkId.slice(0, -1)}0` as typeof checkId }))).to.be.instanceOf(
      MessageFault,
    );
    expect(types()).to.deep.equal(['OrderPlaced']);
  });
});
