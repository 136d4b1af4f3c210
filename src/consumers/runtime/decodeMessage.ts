import * as E from 'fp-ts/lib/Either.js';
import { PathReporter } from 'io-ts/lib/PathReporter.js';
import type { CloudEvent } from '../contracts/cloudEvent.js';
import { contracts, type MessageData, type MessageType } from '../contracts/index.js';
import { MessageFault } from '../ports/faults.js';

/** The data of a message that must be of this type; throws {@link MessageFault} where it breaks its contract. */
export function decodeMessage<Type extends MessageType>(type: Type, message: CloudEvent<unknown>): MessageData<Type> {
  if (message.type !== type) throw new MessageFault(`expected ${type}, got ${message.type}`);
  const decoded = contracts[type].decode(message.data);
  if (E.isLeft(decoded)) {
    throw new MessageFault(`${type} ${message.id} breaks its contract: ${PathReporter.report(decoded).join('; ')}`);
  }
  return decoded.right;
}
