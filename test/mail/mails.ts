/** The Message-ID of ours that the mails below are about. */
export const ours = '<0192f3a0-7c1e-7a3b-9d54-0c6f6f1e2a11@outrider.example>';

const crlf = (text: string) => text.replace(/^\n/, '').replaceAll('\n', '\r\n');

/** A mail with these headers; a header may be given twice with an array. */
export function mail(headers: Record<string, string>, body = 'Hello,\n\nthank you.\n'): string {
  return crlf(`${Object.entries(headers).map(([name, value]) => `${name}: ${value}`).join('\n')}\n\n${body}`);
}

const human = { 'Return-Path': '<ada@acme.example>', From: 'Ada <ada@acme.example>', To: 'me@outrider.example', Subject: 'Re: Hello', 'Message-ID': '<a1@acme.example>', 'In-Reply-To': ours };
const returned = `Message-ID: ${ours}\nFrom: me@outrider.example\nTo: ada@acme.example\nSubject: Hello`;

/** A report as RFC 3462 has it, with what came back. */
function report(headers: Record<string, string>, { type, fields, text = 'A machine reports.', original = returned, originalType = 'text/rfc822-headers' }: {
  type: string; fields: string; text?: string; original?: string; originalType?: string;
}): string {
  const subtype = type.replace('message/', '');
  const parts = [`Content-Type: text/plain\n\n${text}`, `Content-Type: ${type}\n\n${fields}`, `Content-Type: ${originalType}\n\n${original}`];
  return mail(
    { 'MIME-Version': '1.0', 'Content-Type': `multipart/report; report-type=${subtype};\n boundary="=_b"`, ...headers },
    `${parts.map((part) => `--=_b\n${part}\n`).join('')}--=_b--\n`,
  );
}

const dsn = (headers: Record<string, string>, fields: string, rest: { text?: string; original?: string; originalType?: string } = {}) =>
  report({ 'Return-Path': '<>', Subject: 'Undelivered Mail Returned to Sender', ...headers }, { type: 'message/delivery-status', fields, ...rest });
const postfix = { From: 'MAILER-DAEMON@mx.acme.example (Mail Delivery System)', 'Auto-Submitted': 'auto-replied' };
const failed = (status: string, action = 'failed') =>
  `Reporting-MTA: dns; mx.acme.example\n\nFinal-Recipient: rfc822; ada@acme.example\nOriginal-Recipient: rfc822;ada@acme.example\nAction: ${action}\nStatus: ${status}\nDiagnostic-Code: smtp; 550 ${status} said so\n`;

export interface Sample {
  name: string;
  raw: string;
  kind: 'reply' | 'auto_reply' | 'bounce' | 'delivery_report' | 'complaint';
  details?: object;
}

/** Mails as servers and people send them; each is about `ours`. */
export const samples: readonly Sample[] = [
  { name: "a person's reply from Gmail", kind: 'reply', raw: mail({ ...human, References: ours, 'Content-Type': 'multipart/alternative; boundary="00"' }, '--00\nContent-Type: text/plain; charset="UTF-8"\n\nSounds good!\n\n> Hello\n--00\nContent-Type: text/html\n\n<div>Sounds good!</div>\n--00--\n') },
  { name: "a person's reply from Outlook", kind: 'reply', raw: mail({ ...human, Subject: 'AW: Hello', 'Thread-Topic': 'Hello', 'X-MS-Exchange-Organization-SCL': '1', 'Accept-Language': 'de-DE' }) },
  { name: 'a reply that names us in References only', kind: 'reply', raw: mail({ ...human, 'In-Reply-To': '<other@acme.example>', References: `<first@acme.example>\n ${ours}` }) },
  { name: 'a reply with a subject about being away, by a person', kind: 'reply', raw: mail({ ...human, Subject: 'Re: Out of office chairs' }) },
  { name: 'a reply that says Auto-Submitted: no', kind: 'reply', raw: mail({ ...human, 'Auto-Submitted': 'no' }) },
  { name: 'a reply of a person through a ticket system', kind: 'reply', raw: mail({ ...human, Subject: 'Re: Hello [#1234]', 'X-Auto-Response-Suppress': 'All' }) },
  { name: 'a reply that quotes a bounce', kind: 'reply', raw: mail(human, `I got this:\n> 550 5.1.1 user unknown\n> Message-ID: ${ours}\n`) },
  { name: 'a reply through a mailing list of the organisation', kind: 'reply', raw: mail({ ...human, 'List-Id': '<team.acme.example>', Precedence: 'list' }) },
  { name: 'a reply in Japanese (ISO-2022-JP)', kind: 'reply', raw: mail({ ...human, Subject: '=?ISO-2022-JP?B?UmU6IBskQiQzJHMkSyRBJE8bKEI=?=', 'Content-Type': 'text/plain; charset=ISO-2022-JP' }, '\u001b$B$3$s$K$A$O\u001b(B\n') },
  { name: 'an out-of-office of Exchange in German', kind: 'auto_reply', raw: mail({ ...human, Subject: 'Automatische Antwort: Hello', 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'Return-Path': '<>' }) },
  { name: 'a vacation of sieve', kind: 'auto_reply', raw: mail({ ...human, Subject: 'Auto: Hello', 'Auto-Submitted': 'auto-replied (vacation)', Precedence: 'bulk' }) },
  { name: "Gmail's vacation responder", kind: 'auto_reply', raw: mail({ ...human, Subject: 'On holiday Re: Hello', 'X-Autoreply': 'yes', Precedence: 'bulk', 'Auto-Submitted': 'auto-replied' }) },
  { name: 'an autoresponder of cPanel', kind: 'auto_reply', raw: mail({ ...human, 'X-Autorespond': 'Hello', Precedence: 'auto_reply' }) },
  { name: 'an old autoresponder with nothing but a subject, in French', kind: 'auto_reply', raw: mail({ ...human, Subject: '=?utf-8?Q?R=C3=A9ponse_automatique_:_Hello?=' }) },
  { name: 'an autoresponder with nothing but a subject, in Spanish', kind: 'auto_reply', raw: mail({ ...human, Subject: '=?utf-8?Q?Respuesta_autom=C3=A1tica:_Hello?=' }) },
  { name: 'an autoresponder with nothing but a subject, in Russian', kind: 'auto_reply', raw: mail({ ...human, Subject: '=?utf-8?B?0JDQstGC0L7QvtGC0LLQtdGC?=' }) },
  { name: 'an acknowledgement of a ticket system', kind: 'auto_reply', raw: mail({ ...human, From: 'Support <support@acme.example>', Subject: '[#1234] Hello', 'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply', 'Auto-Submitted': 'auto-generated' }) },
  { name: 'an answer without an envelope sender', kind: 'auto_reply', raw: mail({ ...human, 'Return-Path': '<>', Subject: 'Thank you for your message' }) },
  { name: 'a bounce of Postfix', kind: 'bounce', details: { status: '5.1.1', addressIsDead: true }, raw: dsn(postfix, failed('5.1.1'), { original: `${returned}\n\nThe text.`, originalType: 'message/rfc822' }) },
  { name: 'a bounce of Exchange with nothing but In-Reply-To', kind: 'bounce', details: { status: '5.1.10', addressIsDead: true }, raw: dsn({ From: 'Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@acme.example>', Subject: 'Undeliverable: Hello', 'In-Reply-To': ours, 'Auto-Submitted': 'auto-replied' }, failed('5.1.10'), { original: 'Subject: Hello' }) },
  { name: 'a bounce of Gmail', kind: 'bounce', details: { status: '5.1.1' }, raw: dsn({ From: 'Mail Delivery Subsystem <mailer-daemon@googlemail.com>', Subject: 'Delivery Status Notification (Failure)', 'X-Failed-Recipients': 'ada@acme.example', 'In-Reply-To': ours }, failed('5.1.1')) },
  { name: 'a bounce that names the id in the report', kind: 'bounce', raw: dsn(postfix, failed('5.1.1').replace('\n\n', `\nOriginal-Message-ID: ${ours}\n\n`), { original: 'Subject: Hello' }) },
  { name: 'a full mailbox, which says nothing against the address', kind: 'bounce', details: { status: '5.2.2', addressIsDead: false }, raw: dsn(postfix, failed('5.2.2')) },
  { name: "a filter's refusal, which says nothing against the address", kind: 'bounce', details: { status: '5.7.1', addressIsDead: false }, raw: dsn(postfix, failed('5.7.1')) },
  { name: 'a failure after days of trying', kind: 'bounce', details: { status: '4.4.1', addressIsDead: false }, raw: dsn(postfix, failed('4.4.1')) },
  { name: 'a delay', kind: 'delivery_report', details: { action: 'delayed' }, raw: dsn({ ...postfix, Subject: 'Delayed Mail (still being retried)' }, failed('4.4.1', 'delayed')) },
  { name: 'a report of delivery', kind: 'delivery_report', details: { action: 'delivered' }, raw: dsn({ ...postfix, Subject: 'Successful Mail Delivery Report' }, failed('2.0.0', 'delivered')) },
  { name: 'a report of relaying', kind: 'delivery_report', details: { action: 'delivered' }, raw: dsn(postfix, failed('2.0.0', 'relayed')) },
  { name: 'a list that was expanded', kind: 'delivery_report', details: { action: 'delivered' }, raw: dsn(postfix, failed('2.0.0', 'expanded')) },
  { name: 'a bounce of qmail', kind: 'bounce', details: { addressIsDead: true }, raw: mail({ 'Return-Path': '<>', From: 'MAILER-DAEMON@acme.example', Subject: 'failure notice' }, `Hi. This is the qmail-send program at acme.example.\nI'm afraid I wasn't able to deliver your message to the following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n<ada@acme.example>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <me@outrider.example>\n${returned}\n\nThe text.\n`) },
  { name: 'a bounce of Exim', kind: 'bounce', details: { addressIsDead: true }, raw: mail({ 'Return-Path': '<>', 'X-Failed-Recipients': 'ada@acme.example', 'Auto-Submitted': 'auto-replied', From: 'Mail Delivery System <Mailer-Daemon@mx.acme.example>', Subject: 'Mail delivery failed: returning message to sender' }, `This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  ada@acme.example\n    550 No such user here\n\n------ This is a copy of the message, including all the headers. ------\n\n${returned}\n`) },
  { name: "Exim's warning of a delay", kind: 'delivery_report', raw: mail({ 'Return-Path': '<>', 'Auto-Submitted': 'auto-replied', From: 'Mail Delivery System <Mailer-Daemon@mx.acme.example>', Subject: 'Warning: message 1abc delayed 24 hours' }, `This message was created automatically by mail delivery software.\nA message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.acme.example.\n\n${returned}\n\nNo action is required on your part. Delivery attempts will continue for some time.\n`) },
  { name: 'a bounce of a German provider without a report', kind: 'bounce', raw: mail({ 'Return-Path': '<>', From: 'Postmaster <postmaster@acme.example>', Subject: 'Unzustellbar: Hello' }, `Ihre Nachricht konnte nicht zugestellt werden.\n\n${returned}\n`) },
  { name: 'a complaint of a feedback loop', kind: 'complaint', details: { feedback: 'abuse' }, raw: report({ From: 'feedback@provider.example', Subject: 'FW: Hello' }, { type: 'message/feedback-report', fields: 'Feedback-Type: abuse\nUser-Agent: SomeGenerator/1.0\nVersion: 1\nOriginal-Rcpt-To: <ada@acme.example>\n', original: `${returned}\n\nThe text.`, originalType: 'message/rfc822' }) },
  { name: 'feedback that it is no spam', kind: 'delivery_report', raw: report({ From: 'feedback@provider.example', Subject: 'FW: Hello' }, { type: 'message/feedback-report', fields: 'Feedback-Type: not-spam\nVersion: 1\n' }) },
  { name: 'a read receipt', kind: 'delivery_report', raw: report({ ...human, Subject: 'Read: Hello' }, { type: 'message/disposition-notification', fields: `Final-Recipient: rfc822;ada@acme.example\nOriginal-Message-ID: ${ours}\nDisposition: manual-action/MDN-sent-manually; displayed\n` }) },
];
