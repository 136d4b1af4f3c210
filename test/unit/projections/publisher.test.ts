import { expect } from 'chai';
import * as E from 'fp-ts/lib/Either.js';
import { CloudEventEnvelope } from '../../../src/consumers/contracts/cloudEvent.js';
import { BrokerUnavailable, MessageTooLarge } from '../../../src/projections/publishers/ports/messagePublisher.js';
import { publisherReactor } from '../../../src/projections/publishers/publisher.js';
import { UnprocessableEvent } from '../../../src/subscriptions/faults.js';
import { createFolds } from '../../../src/subscriptions/folds.js';
import { anOrder } from '../../support/fixtures.js';
import { MemoryLog } from '../../support/projections.js';
import { servedOrder } from './histories.js';

const orderStream = `order-${anOrder}`;

describe('the publisher', () => {
  const publishing = (publish: (message: unknown) => Promise<void>) => {
    const log = new MemoryLog();
    const [event] = log.append(orderStream, ...servedOrder());
    if (!event) throw new Error('no event');
    const reactor = publisherReactor({ folds: createFolds({ reader: log }), publisher: { publish } });
    return { event, reactor };
  };

  it('sends a CloudEvent whose id is the event that it tells of', async () => {
    const sent: unknown[] = [];
    const { event, reactor } = publishing((message) => Promise.resolve(void sent.push(message)));
    await reactor.react(event);
    const [message] = sent;
    expect(E.isRight(CloudEventEnvelope.decode(message))).to.equal(true);
    expect(message).to.deep.include({
      id: event.id,
      type: 'order.created.v1',
      source: '/comanda',
      subject: anOrder,
      time: event.meta.at,
      streamrevision: 0,
      position: '100',
      correlationid: event.meta.correlationId,
      causationid: event.meta.commandId,
      dataschema: 'urn:comanda:message:order.created.v1',
    });
  });

  it('is not done before the broker has confirmed', async () => {
    let confirm: (() => void) | undefined;
    const { event, reactor } = publishing(() => new Promise((resolve) => (confirm = resolve)));
    let done = false;
    const reacting = reactor.react(event).then(() => (done = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).to.equal(false);
    confirm?.();
    await reacting;
  });

  it('leaves a broker that is away to the runner, which tries again', async () => {
    const { event, reactor } = publishing(() => Promise.reject(new BrokerUnavailable('away')));
    const failure = await reactor.react(event).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(BrokerUnavailable);
  });

  it('gives up at once on a message that will never fit', async () => {
    const { event, reactor } = publishing(() => Promise.reject(new MessageTooLarge('id', 600_000, 524_288)));
    const failure = await reactor.react(event).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(UnprocessableEvent);
  });

  it('keeps the messages of one stream in order', () => {
    const { event, reactor } = publishing(() => Promise.resolve());
    expect(reactor.key(event)).to.equal(orderStream);
  });
});
