import { openRabbitMq } from '../../../src/infrastructure/rabbitmq/open.js';
import { rabbitmq } from '../../support/services/index.js';
import { brokerContract } from './contract.js';

brokerContract('RabbitMQ', async () => {
  const server = await rabbitmq();
  const url = server.createVhost();
  return {
    open: (options) => openRabbitMq({ ...options, url, publishTimeoutMs: 2_000 }),
    server: () => server,
    address: () => ({ kind: 'rabbitmq', url }),
  };
});
