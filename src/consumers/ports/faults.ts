/**
 * Something that the work depends on does not answer (store, provider, database). It says nothing about the message, so
 * it costs the message no delivery. Adapters throw errors of their own that carry `systemFault: true`; this one wraps the rest.
 */
export class SystemFault extends Error {
  override readonly name = 'SystemFault';
  readonly systemFault = true;

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

/**
 * Whether an error tells of a fault of the system: it carries `systemFault: true`, as SystemFault, DatabaseUnavailable,
 * BrokerUnavailable and every other "unavailable" of Comanda do. Anything else that a handler throws counts against the message.
 */
export const isSystemFault = (error: unknown): error is Error & { readonly systemFault: true } =>
  error instanceof Error && 'systemFault' in error && error.systemFault === true;
