import nodemailer from 'nodemailer';
import {
  type Mail,
  MailDeferred,
  type MailOutcome,
  type MailTransport,
  MailUnavailable,
} from '../../consumers/notification/ports/mailTransport.js';

export interface SmtpOptions {
  /** `smtp://user:password@host:port`, with STARTTLS where the server offers it, or `smtps://…`. */
  readonly url: string;
  /** As it stands in From. */
  readonly from: string;
  readonly timeoutMs?: number;
}

/** What nodemailer adds to an error (`code`, `command`) and the server's answer, where it came to that. */
interface SmtpError {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
}

const TIMEOUT_MS = 20_000;
const SMTPS_PORT = 465;
const SUBMISSION_PORT = 587;

/**
 * Mails over SMTP (RFC 5321). Each goes over a connection of its own, so that it is known of every one how far it came: once
 * its text was begun, only the server's answer tells whether it has it (4.5.4.1).
 */
export function smtpTransport({ url, from, timeoutMs = TIMEOUT_MS }: SmtpOptions): MailTransport {
  const server = serverOf(new URL(url));
  return {
    send: async (mail) => {
      let textBegun = false;
      const transport = nodemailer.createTransport({
        ...server,
        connectionTimeout: timeoutMs,
        greetingTimeout: timeoutMs,
        socketTimeout: timeoutMs,
        transactionLog: true,
        logger: listening((line) => (textBegun ||= line === 'DATA')),
      });
      try {
        await transport.sendMail(asMessage(mail, from));
        return { _tag: 'Sent' };
      } catch (error) {
        return outcomeOf(error, textBegun);
      } finally {
        transport.close();
      }
    },
  };
}

function serverOf({ protocol, hostname, port, username, password }: URL) {
  const secure = protocol === 'smtps:';
  const auth = { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (secure ? SMTPS_PORT : SUBMISSION_PORT) : Number(port),
    secure,
    ...(username === '' ? {} : { auth }),
  };
}

const asMessage = ({ eventId: _, language, date, ...mail }: Mail, from: string) => ({
  ...mail,
  from,
  date: new Date(date),
  headers: { 'Content-Language': language },
});

/** Hears every command that is sent to the server; nothing of it is logged. */
function listening(sent: (line: string) => void) {
  const ignore = (): void => undefined;
  const debug = (entry: unknown, line?: unknown): void => {
    if ((entry as { readonly tnx?: string }).tnx === 'client' && typeof line === 'string') sent(line);
  };
  return { level: ignore, trace: ignore, debug, info: ignore, warn: ignore, error: ignore, fatal: ignore };
}

const LEAST_PERMANENT = 500;

/** What an error means for the mail: 5yz about its receiver or its text is final, 4yz passes (RFC 5321, 4.2.1). */
function outcomeOf(error: unknown, textBegun: boolean): MailOutcome {
  const { code, command, responseCode } = error as SmtpError;
  const reason = error instanceof Error ? error.message : String(error);
  // a sender that is not let in says nothing about the mail
  const aboutMail = (code === 'EENVELOPE' && command === 'RCPT TO') || code === 'EMESSAGE';
  if (aboutMail && responseCode !== undefined) {
    if (responseCode >= LEAST_PERMANENT) return { _tag: 'Refused', reason };
    throw new MailDeferred(`the mail server does not take it yet: ${reason}`, { cause: error });
  }
  const ambiguous = textBegun && responseCode === undefined;
  throw new MailUnavailable(`no mail goes out: ${reason}`, { cause: error, ambiguous });
}
