import type { CommandContext } from '../../../src/commands/executor/contract.js';
import type { Random } from '../kernel/random.js';
import type { Api } from '../world/process.js';

/** The envelope that the API gives to the command of a request: a fresh id each time, repeated or not. */
export const requestContext = ({ core }: Api, random: Random): CommandContext => {
  const commandId = random.uuidV7();
  return {
    commandId,
    correlationId: commandId,
    causationId: null,
    actor: { kind: 'admin', id: 'admin/local' },
    tenant: 'main',
    at: core.clock.now(),
  };
};
