/** The embedded PostgreSQL could not be started; the message is one line that says why and what to do. */
export class EmbeddedPostgresFailed extends Error {
  override readonly name = 'EmbeddedPostgresFailed';

  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options);
  }
}
