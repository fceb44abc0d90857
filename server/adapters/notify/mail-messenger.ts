import nodemailer from 'nodemailer';
import type { Messenger } from '@/server/domain/ports';

const TIMEOUT_MS = 10_000;

/** Mail over SMTP. Plain text only: nothing to load, nothing to click but the one link. */
export function createMailMessenger(smtpUrl: string, from: string): Messenger {
  const transport = nodemailer.createTransport({
    url: smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ to, subject, lines, link }) {
      await transport.sendMail({
        from,
        to: { name: to.name, address: to.email },
        subject,
        text: `${[...lines, '', link].join('\n')}\n`,
        // Replies and out-of-office answers have no reader here.
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    },
  };
}
