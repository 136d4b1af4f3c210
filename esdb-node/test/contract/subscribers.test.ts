import { EventStoreDBClient, START } from '@eventstore/db-client';
import { expect } from 'chai';
import { freshStream, several } from '../support/events.js';
import { onEveryServer } from '../support/node.js';
import { Heard } from '../support/subscription.js';

const SUBSCRIBERS = 1000;
/** A connection carries 100 calls at once; some are left for other calls. */
const OF_A_CONNECTION = 50;

onEveryServer('a thousand subscribers', (server) => {
  const clients: EventStoreDBClient[] = [];
  before(() => {
    for (let k = 0; k < SUBSCRIBERS / OF_A_CONNECTION; k += 1) {
      // clients with the same options would share a connection
      const url = `${server().connectionString}&keepAliveInterval=${20_000 + k}`;
      clients.push(EventStoreDBClient.connectionString(url));
    }
  });
  after(() => Promise.all(clients.map((client) => client.dispose())));

  it('each get what there was, and then what comes, in its order', async function () {
    this.timeout(60_000);
    const stream = freshStream();
    await server().client.appendToStream(stream, several(5));
    const subscribers = clients.flatMap((client) =>
      Array.from(
        { length: OF_A_CONNECTION },
        () => new Heard(client.subscribeToStream(stream, { fromRevision: START })),
      ),
    );
    await Promise.all(subscribers.map((heard) => heard.caughtUp()));
    await Promise.all([5, 8, 11].map((first) => server().client.appendToStream(stream, several(3, first))));
    await Promise.all(subscribers.map((heard) => heard.until(({ numbers }) => numbers.length === 14)));
    for (const { numbers, error } of subscribers) {
      expect(error).to.equal(undefined);
      expect(numbers).to.deep.equal(Array.from({ length: 14 }, (_, k) => k));
    }
    await Promise.all(subscribers.map(({ subscription }) => subscription.unsubscribe()));
  });
});
