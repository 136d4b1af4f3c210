import { join } from 'node:path';
import type { MailTransport } from '../../consumers/notification/ports/mailTransport.js';
import { emlFiles } from '../../embedded/mail/emlFiles.js';
import { smtpTransport } from '../../infrastructure/mail/smtp.js';
import type { Config } from '../config.js';

export interface MailComponent {
  readonly mails: MailTransport;
  readonly describe: string;
}

/** The way out for mails: SMTP where SMTP_URL names a server, else files in the data folder. Nothing connects before the first mail. */
export function openMail({ mail, dataFolder }: Pick<Config, 'mail' | 'dataFolder'>): MailComponent {
  if (mail.smtpUrl !== undefined) {
    return {
      mails: smtpTransport({ url: mail.smtpUrl, from: mail.from }),
      describe: `SMTP at ${new URL(mail.smtpUrl).host}`,
    };
  }
  const folder = join(dataFolder, 'outbox');
  return { mails: emlFiles(folder, mail.from), describe: `files in ${folder}` };
}
