import type { CloudEvent } from '../../../consumers/contracts/cloudEvent.js';

export interface MessagePublisher {
  /**
   * Hands one message to every queue whose bindings match its `type` and resolves only once it is durable in all of
   * them. A message that nobody is bound to is done as well. Repeating a publish may deliver twice, never less than once.
   * Calls may overlap; messages of overlapping calls keep the order of the calls.
   * @throws BrokerUnavailable when that was not confirmed in time: the message may or may not be there; publish again.
   * @throws MessageTooLarge beyond `MAX_MESSAGE_BYTES`: it will never fit, nothing was sent.
   */
  publish(message: CloudEvent<unknown>): Promise<void>;
}

/** The broker cannot be reached or did not confirm in time. A fault of the system: trying again may help. */
export class BrokerUnavailable extends Error {
  override readonly name = 'BrokerUnavailable';
  readonly isSystemFault = true;

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
  }
}

/** The message exceeds what the broker carries. A fault of the message: it stays too large. */
export class MessageTooLarge extends Error {
  override readonly name = 'MessageTooLarge';

  constructor(
    readonly messageId: string,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`message ${messageId} has ${bytes} bytes, at most ${limit} are allowed`);
  }
}
