import type { DeadLetters } from '../../consumers/ports/deadLetters.js';
import type { MessageConsumer } from '../../consumers/ports/messageConsumer.js';
import { openEmbeddedBroker } from '../../embedded/broker/open.js';
import { openRabbitMq } from '../../infrastructure/rabbitmq/open.js';
import type { Logger } from '../../infrastructure/telemetry/logger.js';
import type { MessagePublisher } from '../../projections/publishers/ports/messagePublisher.js';
import type { Database } from '../../subscriptions/ports/database.js';
import type { Config } from '../config.js';
import { QUEUES } from '../queues.js';
import { type Component, placeOf } from './component.js';

export interface BrokerComponent extends Component {
  readonly publisher: MessagePublisher;
  readonly consumer: MessageConsumer;
  readonly deadLetters: DeadLetters;
}

/** The message broker: RabbitMQ where RABBITMQ_URL names one, else queues in the database. */
export async function openBroker({ rabbitmqUrl }: Config, database: Database, log: Logger): Promise<BrokerComponent> {
  const onSystemFault = (queue: string, error: unknown) =>
    log.warn('a consumer waits for the system to come back', { queue, error });
  if (rabbitmqUrl === undefined) {
    const embedded = await openEmbeddedBroker({ database, onSystemFault });
    return { ...embedded, describe: 'queues in that PostgreSQL', stop: () => embedded.close() };
  }
  const broker = await openRabbitMq({
    url: rabbitmqUrl,
    mustReach: QUEUES.flatMap(({ bindings }) => bindings),
    knownQueues: QUEUES,
    onSystemFault,
    log: (line) => log.info(line),
  });
  return { ...broker, describe: `RabbitMQ at ${placeOf(rabbitmqUrl)}`, stop: () => broker.close() };
}
