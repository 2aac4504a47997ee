import type { ReceivedMail } from './recipients.ts';

/** What some of the recipients send back: of every ten a reply, of every thirty a bounce, and one is out of the office. */
export function answersTo(mails: readonly ReceivedMail[]): Buffer[] {
  return mails.flatMap((mail, index) => {
    if (index === 5) return [outOfOffice(mail)];
    if (index % 30 === 7) return [bounce(mail)];
    return index % 10 === 0 ? [reply(mail)] : [];
  });
}

function reply({ recipient, messageId, subject }: ReceivedMail): Buffer {
  return raw([`From: ${recipient}`, 'To: demo@outrider.test', `Subject: Re: ${subject}`, `In-Reply-To: ${messageId}`, `References: ${messageId}`, ...text], 'With patience, and with friends. Ask away!');
}

function outOfOffice({ recipient, messageId, subject }: ReceivedMail): Buffer {
  return raw([`From: ${recipient}`, 'To: demo@outrider.test', `Subject: Automatic reply: ${subject}`, `In-Reply-To: ${messageId}`, 'Auto-Submitted: auto-replied', ...text], 'I am hiking until Monday.');
}

function bounce({ recipient, messageId }: ReceivedMail): Buffer {
  const parts = [
    ['text/plain', 'There is no such mailbox here.'],
    ['message/delivery-status', `Reporting-MTA: dns; mail.prospect.test\r\n\r\nFinal-Recipient: rfc822; ${recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n`],
    ['text/rfc822-headers', `Message-ID: ${messageId}\r\nTo: ${recipient}\r\n`],
  ];
  const body = `${parts.map(([type, content]) => `--report\r\nContent-Type: ${type}\r\n\r\n${content}\r\n`).join('')}--report--\r\n`;
  return raw(['From: MAILER-DAEMON@prospect.test', 'To: demo@outrider.test', 'Subject: Undelivered mail', 'MIME-Version: 1.0', 'Content-Type: multipart/report; report-type=delivery-status; boundary=report'], body);
}

const text = ['MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8'];

function raw(headers: readonly string[], body: string): Buffer {
  return Buffer.from(`${headers.join('\r\n')}\r\nDate: ${new Date().toUTCString()}\r\n\r\n${body}`);
}
