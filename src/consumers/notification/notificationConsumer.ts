import type { Executor } from '../../commands/executor/contract.js';
import type { PersonalData } from '../../commands/ports/personalData.js';
import { orderStream, paymentStream } from '../../domain/kernel/streams.js';
import { type ExistingOrder, order } from '../../domain/order/index.js';
import { payment } from '../../domain/payment/index.js';
import type { Queryable } from '../../subscriptions/ports/database.js';
import type { ConsumeOptions } from '../ports/messageConsumer.js';
import { type Begun, NotificationInbox } from './notificationInbox.js';
import { type Notice, NOTICED_TYPES, noticeOf, type Notices, type Template } from './notices.js';
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

type Written = Omit<Mail, 'eventId' | 'messageId' | 'date'>;

/** The right side of a Message-ID is a name that nobody else uses (RFC 5322, 3.6.4). */
const MESSAGE_ID_DOMAIN = 'mail.comanda.invalid';

/**
 * Writes to customers. A row in the inbox stands before the mail goes out and is settled afterwards, so that a message that
 * comes again sends nothing; where a process dies in between, nobody knows, and it goes out once more with the same
 * Message-ID, and never a third time. To whom, and where to pay, is in no message: both come from the order itself. Where to pay is
 * not said while somebody holds the order: the mail is put off in the inbox, and the message that the hold is over takes it up.
 */
export function notificationConsumer(parts: NotificationConsumerParts): ConsumeOptions {
  const { executor, personalData, database, mails, doubtful } = parts;
  const inbox = new NotificationInbox(database);

  const load = async (notice: Notice): Promise<ExistingOrder | undefined> => {
    const { state } = await executor.load(order, orderStream(notice.orderId), { fresh: true });
    return state.status === 'none' ? undefined : state;
  };

  /** Undefined where nothing is to be said (any more), or not now. */
  async function aboutOf(notice: Notice, state: ExistingOrder): Promise<Notices[Template] | undefined> {
    if (notice.template !== 'payment_link') return notice.about(state);
    const paymentId = notice.onlyPutOff ? notice.takesUp(state) : undefined;
    const its = paymentId && (await executor.load(payment, paymentStream(paymentId), { fresh: true })).state;
    return notice.about(state, its);
  }

  /** The mail without its name, which whoever begins it knows. */
  async function mailOf(notice: Notice, state: ExistingOrder): Promise<Written | undefined> {
    const about = await aboutOf(notice, state);
    if (about === undefined || state.contact === undefined) return undefined;
    // whoever was erased is not written to
    const contact = await personalData.open(state.contact, 'contact');
    if (contact?.email === undefined) return undefined;
    const { name = '', email: address } = contact;
    const language = languageOf(state.details.locale);
    // what is said belongs to its template
    const said = about as Notices['paid'];
    const template = notice.template as 'paid';
    const written = render(template, language, { ...said, name, number: state.details.number });
    return { to: { name, address }, ...written, language };
  }

  /** The order by which the mail is written; undefined where it waits for the end of a hold. */
  async function stateFor(notice: Notice, eventId: string): Promise<ExistingOrder | undefined> {
    const state = await load(notice);
    const held = state && notice.template === 'payment_link' ? notice.putOff(state) : undefined;
    if (held === undefined || notice.template !== 'payment_link') return state;
    if (!notice.onlyPutOff) await inbox.putOff(eventId, notice.template, notice.orderId, held);
    await inbox.putBack(eventId, notice.orderId, held);
    // whoever ended the hold meanwhile may have looked for it before it was there
    const now = await load(notice);
    return now && notice.putOff(now) === undefined ? now : undefined;
  }

  async function begin(notice: Notice, state: ExistingOrder, eventId: string): Promise<Begun> {
    const { template, orderId } = notice;
    const paymentId = template === 'payment_link' ? notice.takesUp(state) : undefined;
    const onlyPutOff = template === 'payment_link' && notice.onlyPutOff;
    const begun: Begun = onlyPutOff ? { _tag: 'Over' } : await inbox.begin(eventId, template, orderId);
    return begun._tag === 'Over' && paymentId ? inbox.takeUp(eventId, orderId, paymentId) : begun;
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
      if (!notice) return;
      const state = await stateFor(notice, message.id);
      const written = state && (await mailOf(notice, state));
      // whoever began it may have died before it could say so
      if (!written) return inbox.giveUp(message.id, notice.orderId);
      const begun = await begin(notice, state, message.id);
      if (begun._tag === 'Over') return;
      const { eventId } = begun;
      if (begun._tag === 'Begun') {
        await send({ eventId, ...written, messageId: `<${eventId}@${MESSAGE_ID_DOMAIN}>`, date: message.time });
      } else {
        await inbox.settle(eventId, 'begun twice, and nobody knows whether it went out');
        doubtful(eventId, notice.template);
      }
    },
  };
}
