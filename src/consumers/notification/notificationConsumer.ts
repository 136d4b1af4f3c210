import type { Executor } from '../../commands/executor/contract.js';
import type { PersonalData } from '../../commands/ports/personalData.js';
import { orderStream } from '../../domain/kernel/streams.js';
import { order } from '../../domain/order/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { NotificationInbox } from './notificationInbox.js';
import { type Notice, NOTICED_TYPES, noticeOf, type Template } from './notices.js';
import { type Mail, MailDeferred, type MailTransport, MailUnavailable } from './ports/mailTransport.js';
import { languageOf, render } from './render.js';

export interface NotificationConsumerParts {
  readonly executor: Executor;
  readonly personalData: PersonalData;
  readonly database: Queryable;
  readonly mails: MailTransport;
  /** Told of a mail that was begun so often that it is not tried again. */
  readonly doubtful: (eventId: string, template: Template) => void;
}

/** Where what customers are told of waits. */
export const NOTIFICATION_QUEUE = { queue: 'notification.order-mails', bindings: NOTICED_TYPES };

/** The right side of a Message-ID is a name that nobody else uses (RFC 5322, 3.6.4). */
const MESSAGE_ID_DOMAIN = 'mail.comanda.invalid';

/**
 * Writes to customers. A row in the inbox stands before the mail goes out and is settled afterwards, so that a message that
 * comes again sends nothing; where a process dies in between, nobody knows, and it goes out once more with the same
 * Message-ID, and never a third time. To whom, and where to pay, is in no message: both come from the order itself.
 */
export function notificationConsumer(parts: NotificationConsumerParts): ConsumeOptions {
  const { executor, personalData, database, mails, doubtful } = parts;
  const inbox = new NotificationInbox(database);

  async function mailOf(notice: Notice, eventId: string, date: string): Promise<Mail | undefined> {
    const { state } = await executor.load(order, orderStream(notice.orderId), { fresh: true });
    if (state.status === 'none' || state.contact === undefined) return undefined;
    const about = notice.about(state);
    if (about === undefined) return undefined;
    // whoever was erased is not written to
    const contact = await personalData.open(state.contact, 'contact');
    if (contact?.email === undefined) return undefined;
    const { name = '', email: address } = contact;
    const language = languageOf(state.details.locale);
    const written = render(notice.template, language, {
      ...about,
      name,
      number: state.details.number,
    });
    const messageId = `<${eventId}@${MESSAGE_ID_DOMAIN}>`;
    return { eventId, to: { name, address }, ...written, messageId, date, language };
  }

  async function send(mail: Mail): Promise<void> {
    try {
      const outcome = await mails.send(mail);
      await inbox.settle(mail.eventId, outcome._tag === 'Refused' ? `refused: ${outcome.reason}` : null);
    } catch (error) {
      const certain = error instanceof MailDeferred || (error instanceof MailUnavailable && !error.ambiguous);
      if (certain) await inbox.undo(mail.eventId);
      throw error;
    }
  }

  return {
    ...NOTIFICATION_QUEUE,
    prefetch: 8,
    handle: async ({ message }) => {
      const notice = noticeOf(message);
      if (notice === undefined) return;
      const mail = await mailOf(notice, message.id, message.time);
      if (mail === undefined) return;
      const begun = await inbox.begin(message.id, notice.template, notice.orderId);
      if (begun === 'begun') await send(mail);
      if (begun === 'doubtful') {
        await inbox.settle(message.id, 'begun twice, and nobody knows whether it went out');
        doubtful(message.id, notice.template);
      }
    },
  };
}
