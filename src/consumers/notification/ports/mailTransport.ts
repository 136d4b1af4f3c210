/** One mail to one person, in plain text. */
export interface Mail {
  /** The event that it tells of: the same mail has the same name, however often it is sent. */
  readonly eventId: string;
  readonly to: { readonly name: string; readonly address: string };
  readonly subject: string;
  readonly text: string;
  /** RFC 5322, 3.6.4; the same on every attempt, so that a duplicate shows itself. */
  readonly messageId: string;
  /** When it happened: RFC 3339. */
  readonly date: string;
  /** RFC 3282. */
  readonly language: string;
}

/** Whoever takes mails took it, or will never take it, whose own words tell why. */
export type MailOutcome = { readonly _tag: 'Sent' } | { readonly _tag: 'Refused'; readonly reason: string };

/** Mail does not go out at the moment: a fault of the system. */
export class MailUnavailable extends Error {
  override readonly name = 'MailUnavailable';
  readonly isSystemFault = true;
  /** The mail may have gone out all the same. */
  readonly ambiguous: boolean;

  constructor(message: string, options: { readonly cause?: unknown; readonly ambiguous: boolean }) {
    super(message, { cause: options.cause });
    this.ambiguous = options.ambiguous;
  }
}

/** This mail is not taken now, others are: it is tried again later. */
export class MailDeferred extends Error {
  override readonly name = 'MailDeferred';
}

/** The way out for mails. */
export interface MailTransport {
  /**
   * Hands a mail over; resolves once it is durable with whoever took it.
   * @throws MailUnavailable, MailDeferred
   */
  send(mail: Mail): Promise<MailOutcome>;
}
