import type { Delivery } from './deliveryStatus.ts';
import type { ParsedMail } from './parseMail.ts';

/** Who sends what machines have to say about mail; people do not write from there. */
const daemons = /^(mailer[-_.]?daemon|mail[-_.]?daemon|postmaster|mdaemon|double-bounce|bounces?)(@|$)/;

const stillTrying = /will (be retried|retry|continue|keep trying)|still (being tried|trying)|not yet been delivered|could not be delivered (yet|for)|delayed|delivery incomplete|temporary (problem|error)|do not need to resend|wird weiter versucht|noch nicht zugestellt|verzögert|sera (réessayé|retenté)|retard[ée]e?\b|reintentar/i;
const givenUp = /permanent(ly)? (fatal )?(error|failure|failed)|this is a permanent error|undeliver(able|ed)|(could not|couldn't|cannot|wasn't able to|unable to|was not|not) (be )?deliver|delivery (to the following \w+ )?(has )?failed|giving up|returned (mail|to sender)|user unknown|no such (user|person|mailbox)|does not exist|mailbox (unavailable|not found)|nicht zugestellt werden|unzustellbar|nicht zustellbar|non remis|n'a pas pu être (remis|distribu|délivr)|échec de la remise|no se (pudo|ha podido) entregar|no entregado|impossibile (recapitare|consegnare)|mancato recapito|não (pôde|foi possível) (ser )?entreg|niet (worden )?(bezorgd|afgeleverd)|не (удалось|может быть) достав|недоставленн/i;

export const isDaemon = (from: string | null): boolean => from === null || daemons.test(from);

/**
 * What a machine says that returns mail without a report: qmail, Exim, old Exchange, gateways. Null unless a machine says
 * it, and says that a mail failed or waits.
 */
export function readBounceText({ from, headers, subject, text }: ParsedMail): Delivery | null {
  const failedRecipients = headers.get('x-failed-recipients')?.join(',').slice(0, 1_000) ?? '';
  if (!isDaemon(from) && failedRecipients === '') return null;
  const said = `${subject}\n${text.slice(0, 5_000)}`;
  const status = /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(said)?.[0] ?? replyCode(said);
  const recipients = failedRecipients.match(/[^\s,;<>]+@[^\s,;<>]+/g) ?? /<([^<>\s@]+@[^<>\s]+)>:/.exec(text)?.slice(1) ?? [];
  const waits = stillTrying.test(said) && !status?.startsWith('5');
  if (waits) return { action: 'delayed', status, recipients };
  if (failedRecipients !== '' || status?.startsWith('5') || givenUp.test(said)) return { action: 'failed', status, recipients };
  return null;
}

/** `550 No such user` says 5.0.0, and 550 is what servers say of a mailbox that is not there. */
function replyCode(said: string): string | null {
  const code = /(?:^|[\s:(#])([45])(\d\d)[ -](?=[A-Za-z<#"'])/m.exec(said);
  if (!code) return null;
  return code[1] === '5' && /^(50|51|53)$/.test(code[2]!) ? '5.1.0' : `${code[1]}.9.0`;
}
