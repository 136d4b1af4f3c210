export { isSystemFault } from '../../subscriptions/systemFault.js';

/**
 * Something that the work depends on does not answer (store, provider, database). It says nothing about the message, so
 * it costs the message no delivery. Adapters throw errors of their own that carry `isSystemFault: true`; this one wraps the rest.
 */
export class SystemFault extends Error {
  override readonly name = 'SystemFault';
  readonly isSystemFault = true;

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
  }
}

/** The message itself cannot be worked, now or ever: it is retried a few times, later, and then dead-lettered. */
export class MessageFault extends Error {
  override readonly name = 'MessageFault';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
  }
}
