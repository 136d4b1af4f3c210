import { mkdir, open, rename } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { type MailTransport, MailUnavailable } from '../../consumers/notification/ports/mailTransport.js';

/**
 * Mails as files (RFC 5322) in a folder instead of over the net, each named by the event that it tells of: whoever sends one
 * twice writes the same file. It is there whole or not at all.
 */
export function emlFiles(folder: string, from: string): MailTransport {
  const composer = nodemailer.createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  return {
    send: async ({ eventId, language, date, ...mail }) => {
      try {
        const { message } = await composer.sendMail({
          ...mail,
          from,
          date: new Date(date),
          headers: { 'Content-Language': language },
        });
        await mkdir(folder, { recursive: true });
        const path = join(folder, `${eventId}.eml`);
        const unfinished = `${path}.${process.pid}`;
        const file = await open(unfinished, 'w', 0o600);
        try {
          await file.writeFile(message as Buffer);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, path);
        return { _tag: 'Sent' };
      } catch (error) {
        // a file of this name may be there: the same one
        throw new MailUnavailable(`${folder} cannot be written`, { cause: error, ambiguous: false });
      }
    },
  };
}
