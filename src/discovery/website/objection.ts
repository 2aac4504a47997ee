/** What people write who want no advertising, in the languages of many imprints. */
const notices = [
  /(keine|keinerlei|no)\s+(unverlangte[nr]?\s+|unaufgeforderte[nr]?\s+|unerwünschte[nr]?\s+)?(werb(ung|e-?mails?|emails?|ezusendung(en)?|eangebote|eanrufe)|kaltakquise|akquise|spam)/i,
  /werbung\s+(ist\s+)?(unerwünscht|nicht\s+erwünscht|verboten|untersagt)/i,
  /(zusendung|übersendung|übermittlung)\s+von\s+[^.]{0,120}?(werbung|werbe|informationsmaterial)[^.]{0,160}?(widersprochen|widerspreche|untersagt)/i,
  /(widersprechen|widerspreche|untersagen)\s+[^.]{0,160}?(werbung|werbe|informationsmaterial|werblich)/i,
  /\bno\s+(cold\s+(e-?mails?|calls?|outreach)|unsolicited\s+\w+|solicit(ors|ation|ing)|marketing\s+e-?mails?|sales\s+(pitches|e-?mails?|calls?)|advertising\s+e-?mails?)\b/i,
  /\b(no|not\s+for|do\s+not\s+(send|use)[^.]{0,60}?)\s*(advertising|advertisements?|adverts|spam|marketing|solicitations?)\b/i,
  /\bunsolicited\s+(commercial\s+|advertising\s+)?(e-?mails?|advertising|messages?|offers?)[^.]{0,80}?(not\s+(welcome|wanted|permitted|allowed)|unwelcome|prohibited|rejected|will\s+be\s+(deleted|reported|ignored))/i,
  /(pas\s+de|aucun[e]?)\s+(publicité|démarchage|sollicitations?\s+commerciales?|prospection)/i,
  /(sin|no\s+(se\s+acepta|enviar))\s+publicidad/i,
  /(niente|no\s+alla|nessuna)\s+pubblicità/i,
  /(geen|niet\s+voor)\s+(reclame|acquisitie|ongevraagde)/i,
];

/** Characters around an address in which a notice is about it, on a page that is about other things too. */
const near = 400;

/**
 * Whether cold mail is refused where the address stands: anywhere on a page that is there for getting in touch, and
 * close to the address everywhere else.
 */
export function objectsToAdvertising(text: string, at: number, isContactPage: boolean): boolean {
  const about = isContactPage ? text : at < 0 ? '' : text.slice(Math.max(0, at - near), at + near);
  return notices.some((notice) => notice.test(about));
}
