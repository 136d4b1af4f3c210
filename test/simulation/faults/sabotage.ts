import { v5 as uuidV5 } from 'uuid';
import { reservationIdOf } from '../../../src/commands/identity.js';
import type { EventStore } from '../../../src/commands/ports/eventStore.js';
import type { LineId, OrderId } from '../../../src/domain/kernel/ids.js';
import type { Sabotage } from '../world/installation.js';

/** An append that is confirmed and never stored, where it holds such events. */
const losing = (store: EventStore, lost: (type: string, data: unknown) => boolean): EventStore => ({
  ...store,
  append: (stream, events, expected) =>
    events.some(({ type, data }) => lost(type, data))
      ? Promise.resolve({ revision: expected === 'no_stream' ? 0 : expected + events.length, position: 1n })
      : store.append(stream, events, expected),
});

/** Confirm before checkpoint: a publisher whose checkpoint does not wait for the broker. */
export const unconfirmed: Sabotage = (ports) => ({
  ...ports,
  publisher: {
    publish: (fact) => {
      ports.publisher.publish(fact).catch(() => undefined);
      return Promise.resolve();
    },
  },
});

/** Fencing: an owner of a runner that commits after another one took it over. */
export const unfenced: Sabotage = (ports) => {
  const real = ports.database;
  const without = (sql: string): string => sql.replace(' AND epoch = $2', ' AND $2::bigint IS NOT NULL');
  const database: typeof real = {
    disconnect: () => real.disconnect(),
    query: (sql, params) => real.query(without(sql), params),
    transaction: (work) => real.transaction((tx) => work({ query: (sql, params) => tx.query(without(sql), params) })),
  };
  return { ...ports, database };
};

/** Release on expiry: stock that an expired order does not give back. */
export const unreleased: Sabotage = (ports) => ({
  ...ports,
  eventStore: losing(
    ports.eventStore,
    (type, data) => type === 'ReservationReleased' && (data as { why: string }).why === 'expired',
  ),
});

const PLACE = '5f1f2a34-9a3c-4a60-8f0e-6b1f6d7f5a11';

/** Event-id derivation: ids that name the place in the stream and not the decision, so that another's decision passes for one's own. */
export const idsOfPlaces: Sabotage = (ports) => ({
  ...ports,
  eventStore: {
    ...ports.eventStore,
    append: (stream, events, expected) =>
      ports.eventStore.append(
        stream,
        events.map((event, index) => ({
          ...event,
          id: uuidV5(`${stream}/${expected}/${index}`, PLACE),
        })),
        expected,
      ),
  },
});

/** Event-id derivation: ids that name a command's event and not what was decided, so that two decisions of one command look the same. */
export const idsOfCommands: Sabotage = (ports) => ({
  ...ports,
  eventStore: {
    ...ports.eventStore,
    append: (stream, events, expected) =>
      ports.eventStore.append(
        stream,
        events.map((event, index) => ({
          ...event,
          id: uuidV5(`${(event.metadata as { commandId: string }).commandId}/${index}`, PLACE),
        })),
        expected,
      ),
  },
});

/** Inbox of the payment consumer: the provider is asked anew each time, not with the key that belongs to the payment. */
export const askedAnew: Sabotage = (ports, host) => {
  let asked = 0;
  return {
    ...ports,
    provider: {
      ...ports.provider,
      createSession: (request) =>
        ports.provider.createSession({
          ...request,
          attempt: Number(`${host.name.slice(1)}${host.life}${(asked += 1)}`),
        }),
    },
  };
};

/** The same of refunds: money that goes back once for each time that its message is delivered. */
export const refundedAnew: Sabotage = (ports, host) => {
  let asked = 0;
  return {
    ...ports,
    provider: {
      ...ports.provider,
      refund: (request) => {
        const anew = `${request.refundId}/${host.name}/${host.life}/${(asked += 1)}`;
        return ports.provider.refund({ ...request, refundId: anew as typeof request.refundId });
      },
    },
  };
};

/** Inbox of webhooks: each delivery of one is taken for another. */
export const eachDelivery: Sabotage = (ports, host) => {
  const real = ports.database;
  let deliveries = 0;
  const query: typeof real.query = (sql, params) => {
    if (!/^\s*INSERT INTO webhook_inbox/.test(sql)) return real.query(sql, params);
    const [provider, eventId, ...rest] = params ?? [];
    return real.query(sql, [provider, `${String(eventId)}/${host.name}/${host.life}/${(deliveries += 1)}`, ...rest]);
  };
  return { ...ports, database: { ...real, query } };
};

/** Reservations of what amendments bring, by all that ever asked for one: ids are never used twice. */
const brought = new Set<string>();

/** Stock before money: what an amendment brings is said to be set aside and never is. */
export const unsecured: Sabotage = (ports) => {
  const store = losing(ports.eventStore, (type, data) => {
    const { reservationId, to } = data as { readonly reservationId?: string; readonly to?: string };
    return (
      (type === 'StockReserved' && brought.has(reservationId ?? '')) ||
      (type === 'ReservationCarriedOver' && brought.has(to ?? ''))
    );
  });
  const append: EventStore['append'] = (stream, events, expected) => {
    for (const { type, data } of events) {
      if (type !== 'AmendmentRequested') continue;
      const orderId = stream.slice('order-'.length) as OrderId;
      for (const { lineId } of (data as { add: readonly { lineId: LineId }[] }).add)
        brought.add(reservationIdOf(orderId, lineId));
    }
    return store.append(stream, events, expected);
  };
  return { ...ports, eventStore: { ...store, append } };
};
