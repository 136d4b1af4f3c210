import { expect } from 'chai';
import type { Executor } from '../../../src/commands/executor/contract.js';
import { createExecutor } from '../../../src/commands/executor/createExecutor.js';
import { HEAVIEST_GRAMS, carrierEngine } from '../../../src/consumers/carrier/carrierEngine.js';
import { carrierAnswers } from '../../../src/consumers/carrier/carrierAnswers.js';
import { recordCarrierWord } from '../../../src/consumers/carrier/recordCarrierWord.js';
import { checkDigitOf, trackingNumberOf } from '../../../src/consumers/carrier/trackingNumber.js';
import type { CloudEvent } from '../../../src/consumers/contracts/cloudEvent.js';
import type {
  CarrierBookingRequestedV1,
  CarrierLabelCreatedV1,
  CarrierLabelVoidedV1,
  CarrierTrackingUpdatedV1,
} from '../../../src/consumers/contracts/index.js';
import { MessageFault } from '../../../src/consumers/ports/faults.js';
import { decodeMessage } from '../../../src/consumers/runtime/decodeMessage.js';
import type { Sealed } from '../../../src/domain/kernel/sealed.js';
import { shipmentStream } from '../../../src/domain/kernel/streams.js';
import { shipment, type ShipmentCommand } from '../../../src/domain/shipment/index.js';
import { aShipment, at, createdShipment, dueAt, later, main } from '../../support/fixtures.js';
import { InMemoryEventStore } from '../../support/inMemory/eventStore.js';
import { contextFor } from '../../support/world/shop.js';

const LABEL = 'carrier.label_created.v1';
const VOIDED = 'carrier.label_voided.v1';
const TRACKING = 'carrier.tracking_updated.v1';
const home = 'sealed:home' as Sealed;
const clock = { now: () => later };

const envelope = <D>(type: string, id: string, data: D): CloudEvent<D> => ({
  specversion: '1.0',
  id,
  source: '/test',
  type,
  subject: aShipment,
  time: at,
  datacontenttype: 'application/json',
  dataschema: `urn:comanda:message:${type}`,
  streamrevision: 1,
  position: '1',
  correlationid: 'correlation-1',
  causationid: 'command-1',
  tenant: 'main',
  data,
});
const faultOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('the carrier of the house', () => {
  const booking: CarrierBookingRequestedV1 = {
    bookingId: 'b1',
    shipmentId: aShipment,
    orderNumber: 'ABCD-EFGH-JKMN-7',
    carrier: 'post',
    parcels: [{ weight: 1200 }],
    from: { locationId: main, name: 'Main' },
    to: home,
    deadline: dueAt,
  };
  const dispatched = (trackingNo?: string) => ({
    shipment: {
      shipmentId: aShipment,
      orderId: createdShipment().orderId,
      orderNumber: 'ABCD-EFGH-JKMN-7',
      locationId: main,
      lines: createdShipment().lines,
      carrier: 'post',
      dispatchedAt: at,
      ...(trackingNo === undefined ? {} : { trackingNo }),
    },
  });
  async function answersTo(type: string, data: unknown, { erased = false } = {}) {
    const answers: CloudEvent<unknown>[] = [];
    const { handle } = carrierEngine({
      callbacks: { publish: (message) => Promise.resolve(void answers.push(message)) },
      personalData: {
        open: () =>
          Promise.resolve(
            erased ? undefined : ({ name: 'Ada', street: 'Via Breve 1', city: 'Genova', country: 'IT' } as never),
          ),
      },
    });
    await handle({ message: envelope(type, 'event-1', data), attempt: 1 });
    return answers;
  }
  const labelFor = async (change: Partial<CarrierBookingRequestedV1> = {}, options = {}) => {
    const [answer] = await answersTo('carrier.booking_requested.v1', { ...booking, ...change }, options);
    return decodeMessage(LABEL, answer!);
  };

  it('sells a label for what has an address and is not too heavy', async () => {
    expect(await labelFor()).to.deep.equal({
      bookingId: 'b1',
      shipmentId: aShipment,
      carrier: 'post',
      carrierEventId: 'b1/label',
      occurredAt: at,
      status: 'created',
      trackingNo: trackingNumberOf(aShipment),
    });
    expect(await labelFor({ parcels: [{ weight: HEAVIEST_GRAMS }] })).to.include({ status: 'created' });
  });

  it('refuses what is too heavy, and what nobody knows where to bring, and says so', async () => {
    expect(await labelFor({ parcels: [{ weight: 1 }, { weight: HEAVIEST_GRAMS + 1 }] })).to.include({
      status: 'refused',
      detail: 'a parcel of 31501 g is too heavy: at most 31500 g',
    });
    expect(await labelFor({}, { erased: true })).to.include({
      status: 'refused',
      detail: 'nobody knows any more where it goes',
    });
  });

  it('says the same again, byte for byte, in the name of the one who asked', async () => {
    const first = await answersTo('carrier.booking_requested.v1', booking);
    expect(await answersTo('carrier.booking_requested.v1', booking)).to.deep.equal(first);
    expect(first[0]).to.deep.include({
      type: LABEL,
      source: '/comanda/carrier',
      dataschema: `urn:comanda:message:${LABEL}`,
      correlationid: 'correlation-1',
      causationid: 'event-1',
    });
  });

  it('takes back a label of its own, and no other, and says the same again', async () => {
    const wish = {
      bookingId: 'b1',
      shipmentId: aShipment,
      orderNumber: 'ABCD-EFGH-JKMN-7',
      carrier: 'post',
      deadline: dueAt,
    };
    const answerTo = async (trackingNo: string) =>
      (await answersTo('carrier.label_void_requested.v1', { ...wish, trackingNo })).map((answer) =>
        decodeMessage(VOIDED, answer),
      );
    const said = { bookingId: 'b1', shipmentId: aShipment, carrier: 'post', carrierEventId: 'b1/void', occurredAt: at };
    expect(await answerTo(trackingNumberOf(aShipment))).to.deep.equal([{ ...said, status: 'voided' }]);
    expect(await answerTo('RR1')).to.deep.equal([{ ...said, status: 'refused', detail: 'RR1 is no label of ours' }]);
    const again = { ...wish, trackingNo: 'RR1' };
    expect(await answersTo('carrier.label_void_requested.v1', again)).to.deep.equal(
      await answersTo('carrier.label_void_requested.v1', again),
    );
  });

  it('brings what left under a label of its own, and nothing else', async () => {
    const told = await answersTo('shipment.dispatched.v1', dispatched(trackingNumberOf(aShipment)));
    expect(told.map((message) => decodeMessage(TRACKING, message).status)).to.deep.equal([
      'in_transit',
      'out_for_delivery',
      'delivered',
    ]);
    const times = told.map(({ data }) => (data as CarrierTrackingUpdatedV1).occurredAt);
    expect(times).to.deep.equal([...times].sort());
    expect(new Set(told.map(({ id }) => id)).size).to.equal(3);
    expect(await answersTo('shipment.dispatched.v1', dispatched('RR1'))).to.deep.equal([]);
    expect(await answersTo('shipment.dispatched.v1', dispatched())).to.deep.equal([]);
  });

  it('numbers its parcels as UPU S10 says', () => {
    // the example of the standard: RR 473124829 GB
    expect(checkDigitOf('47312482')).to.equal(9);
    expect(checkDigitOf('00000000')).to.equal(5);
    expect(trackingNumberOf(aShipment)).to.match(/^CX\d{9}XX$/);
    expect(checkDigitOf('00000008')).to.equal(0);
  });
});

describe('what carriers say over the broker', () => {
  async function house() {
    const store = new InMemoryEventStore();
    const executor = createExecutor({ eventStore: store, random: () => 0 });
    const stream = shipmentStream(aShipment);
    const ask = (command: ShipmentCommand) =>
      executor.execute(shipment, stream, command, contextFor(stream, command.type));
    await ask({ type: 'CreateShipment', shipment: createdShipment({ deliverTo: home }) });
    await ask({
      type: 'BuyLabel',
      bookingId: 'b1',
      carrier: 'post',
      parcels: [{ weight: 1200 }],
      from: { locationId: main, name: 'Main' },
      by: 'staff/1',
      at,
    });
    const commandIds: string[] = [];
    const watched: Executor = {
      ...executor,
      execute: (aggregate, of, command, context) => {
        commandIds.push(context.commandId);
        return executor.execute(aggregate, of, command, context);
      },
    };
    const { handle } = carrierAnswers({ executor: watched, clock });
    let sent = 0;
    const say = (type: string, data: unknown) =>
      handle({ message: envelope(type, `message-${(sent += 1)}`, data), attempt: 1 });
    return { ask, commandIds, executor, store, say, types: () => store.events(stream).map(({ type }) => type) };
  }
  const label = (change: Partial<CarrierLabelCreatedV1> = {}): CarrierLabelCreatedV1 => ({
    shipmentId: aShipment,
    carrier: 'post',
    carrierEventId: 'l1',
    bookingId: 'b1',
    status: 'created',
    trackingNo: 'RR1',
    occurredAt: at,
    ...change,
  });
  const tracking = (
    status: CarrierTrackingUpdatedV1['status'],
    occurredAt: string,
    carrierEventId: string = status,
  ): CarrierTrackingUpdatedV1 => ({ shipmentId: aShipment, carrier: 'post', carrierEventId, status, occurredAt });
  const before = ['ShipmentCreated', 'LabelRequested'];

  it('buys the label, once for each event, under whatever message it comes', async () => {
    const { say, types, store } = await house();
    await Promise.all([say(LABEL, label()), say(LABEL, label())]);
    await say(LABEL, label());
    expect(types()).to.deep.equal([...before, 'LabelBought']);
    expect(store.events(shipmentStream(aShipment)).at(-1)?.data).to.deep.include({ trackingNo: 'RR1', at });
  });

  it('says why the carrier does not take it', async () => {
    const { say, store } = await house();
    await say(LABEL, { ...label({ status: 'refused', detail: 'too heavy' }), trackingNo: undefined });
    expect(store.events(shipmentStream(aShipment)).at(-1)?.data).to.deep.include({ reason: 'too heavy' });
  });

  it('says whether a label that is not used is taken back, once for each event', async () => {
    const { ask, say, types, store } = await house();
    const voided = (change: Partial<CarrierLabelVoidedV1> = {}): CarrierLabelVoidedV1 => ({
      shipmentId: aShipment,
      carrier: 'post',
      carrierEventId: 'v1',
      bookingId: 'b1',
      status: 'refused',
      occurredAt: at,
      ...change,
    });
    expect(await faultOf(say(VOIDED, voided()))).to.be.instanceOf(MessageFault);
    await say(LABEL, label());
    await ask({ type: 'CancelShipment', orderId: createdShipment().orderId, reason: 'no', by: 'ana', at });
    await say(VOIDED, voided());
    await Promise.all([say(VOIDED, voided()), say(VOIDED, voided({ carrierEventId: 'v2', status: 'voided' }))]);
    expect(types().slice(2)).to.deep.equal([
      'LabelBought',
      'ShipmentCancelled',
      'LabelVoidRequested',
      'LabelVoidRefused',
      'LabelVoided',
    ]);
    expect(store.events(shipmentStream(aShipment)).at(-2)?.data).to.deep.include({
      reason: 'the carrier does not say why',
      at,
    });
  });

  it('is one command for each event of each carrier, by an id that follows from these alone', async () => {
    const { say, commandIds, types } = await house();
    const word = tracking('in_transit', at, 'c-1');
    await say(TRACKING, word);
    const once = types();
    await say(TRACKING, word);
    expect(types()).to.deep.equal(once);
    const [first, again] = commandIds;
    expect(again).to.equal(first);
    // whoever starts again, with another memory, finds the same command
    const elsewhere = await house();
    await elsewhere.say(TRACKING, word);
    expect(elsewhere.commandIds).to.deep.equal([first]);
    // another event, the same name from another carrier, and a label of that name are other commands, and all count
    await say(TRACKING, tracking('out_for_delivery', later, 'c-2'));
    await say(TRACKING, { ...word, carrier: 'pigeons' });
    await say(LABEL, label({ carrierEventId: 'c-1', carrier: 'doves' }));
    expect(new Set(commandIds).size).to.equal(4);
    expect(types().slice(once.length)).to.deep.equal([
      'CarrierUpdateRecorded',
      'OutForDelivery',
      'CarrierUpdateRecorded',
      'LabelBought',
    ]);
  });

  it('moves the shipment, in whatever order it comes, and never back', async () => {
    const { say, types } = await house();
    await say(TRACKING, tracking('delivered', '2024-05-04T14:05:00+02:00'));
    await say(TRACKING, tracking('in_transit', '2024-05-04T12:01:00.000Z'));
    await say(TRACKING, tracking('delivered', '2024-05-04T14:05:00+02:00'));
    expect(types()).to.deep.equal([
      ...before,
      'CarrierUpdateRecorded',
      'ShipmentDispatched',
      'ShipmentDelivered',
      'CarrierUpdateRecorded',
    ]);
  });

  it('counts once though the webhook says it too', async () => {
    const { executor, say, types } = await house();
    await say(TRACKING, tracking('in_transit', at, 'c-1'));
    const once = types();
    const webhook = recordCarrierWord({ executor, clock, tenant: 'main' }, 'post');
    const body = JSON.stringify({ shipmentId: aShipment, status: 'in_transit', occurredAt: at });
    expect(await webhook({ eventId: 'c-1', body })).to.equal(null);
    expect(types()).to.deep.equal(once);
  });

  it('is a fault of the message where it is about nothing, unreadable, half an answer, or of tomorrow', async () => {
    const { say, types } = await house();
    const faults = [
      say(LABEL, label({ bookingId: 'b9' })),
      say(TRACKING, { ...tracking('in_transit', at), shipmentId: aShipment.replace(/1$/, '2') }),
      say(TRACKING, { ...tracking('in_transit', at), status: 'eaten' }),
      say(TRACKING, tracking('in_transit', 'noon')),
      say(TRACKING, tracking('in_transit', dueAt)),
      say(LABEL, { ...label(), trackingNo: undefined }),
    ];
    for (const fault of await Promise.all(faults.map(faultOf))) expect(fault).to.be.instanceOf(MessageFault);
    expect(types()).to.deep.equal(before);
  });
});
