import { getDomain } from 'tldts';
import { EmailAddressError, normalizeEmailAddress } from '../../domain/emailAddress.ts';
import { percentDecoded } from '../../domain/percentDecoded.ts';
import type { Owner } from './structuredData.ts';
import { type PageDocument } from './document.ts';

/** A mail address as it stands on a page, normalised. */
export interface FoundAddress {
  address: string;
  /** how sure it is that it is meant as the site's address */
  rank: number;
  /** where it stands in the page's text; -1 where only the markup has it */
  at: number;
}

/** Pages on which addresses are the site's own. */
export type PageKind = 'home' | 'contact' | 'imprint' | 'about';

const plain = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,5}/gu;
const open = String.raw`[ \t]{0,3}[[({<]\s{0,2}`;
const close = String.raw`\s{0,2}[\])}>][ \t]{0,3}`;
/** How people write addresses so that they are not harvested without thought. */
const disguises: readonly [RegExp, string][] = [
  [new RegExp(String.raw`(?<=[\p{L}\p{N}])${open}(?:at|ät|@|arroba|chiocciola|et)${close}(?=[\p{L}\p{N}])`, 'giu'), '@'],
  [new RegExp(String.raw`(?<=[\p{L}\p{N}])${open}(?:dot|punkt|point|punto|ponto|\.)${close}(?=[\p{L}\p{N}])`, 'giu'), '.'],
  [/(?<=[\p{L}\p{N}]) AT (?=[\p{L}\p{N}-]{1,63}(?:\.| DOT ))/gu, '@'],
  [/(?<=[\p{L}\p{N}]) DOT (?=[\p{L}\p{N}])/gu, '.'],
  [/([\p{L}\p{N}._%+-]{1,64}) at ([\p{L}\p{N}-]{1,63}) dot (\p{L}{2,24})\b/giu, '$1@$2.$3'],
  [/\b(info|mail|contact|kontakt|hello|office) @ (?=[\p{L}\p{N}-]{1,63}\.\p{L})/giu, '$1@'],
];

const assets = /\.(png|jpe?g|gif|svg|webp|avif|ico|bmp|css|s?js|mjs|json|map|php|html?|woff2?|ttf|mp[34]|webm|pdf|zip)$/;
const placeholders = /(^|[@.])(example\.(com|org|net|edu)|domain\.(com|tld)|(your|my)-?(domain|company|site|website|email)\.[a-z]+|(beispiel|muster|mustermann)\.de|exemple\.fr|sentry\.io|sentry-next\.wixpress\.com|wixpress\.com|localhost\.[a-z]+)$/;
const machines = /^(no-?reply|do-?not-?reply|mailer-daemon|postmaster|[0-9a-f]{16,})([+.-].*)?@/;
const roles = /^(info|contact|kontakt|contacto|contatto|hello|hallo|hi|hola|mail|email|office|team|post|welcome|enquiries|inquiries|sales|ask)@/;
const specialists = /^(privacy|datenschutz|dsb|dpo|gdpr|jobs?|careers?|karriere|bewerbung|hr|press|presse|media|support|abuse|legal|webmaster|billing|security)@/;
const freeMail = /@(gmail|googlemail|outlook|hotmail|live|yahoo|ymail|icloud|me|aol|gmx|web|t-online|freenet|mail|proton|protonmail|posteo|mailbox|orange|wanadoo|free|laposte|libero|virgilio|seznam|wp|o2|yandex|qq|163)\.[a-z.]+$/;
/** Who made the site stands beside their address. */
const credits = /(web-?design|design(ed)?|made|built|powered|developed|created|website|realisier\w*|realisation|umsetzung|umgesetzt|programmierung|konzept|gestaltung|réalis\w+|realizza\w+|diseño)\s*(:|by|von|durch|par|da|por|&|and|und)/i;

/** Addresses in a page's markup that are looked at: each is looked for in its text. */
const mostMarked = 500;
/** Characters; an address has 254, and may be written with more. */
const longest = 1_000;

/** The addresses of one page, with their ranks: best first, each once. */
export function addressesOf(page: PageDocument, owner: Owner | null, kind: PageKind, host: string): FoundAddress[] {
  const found = new Map<string, FoundAddress>();
  const site = getDomain(host);
  const text = undisguised(page.text);
  const lowered = text.toLowerCase();
  const add = (given: string, certainty: number, position?: number) => {
    const address = usable(given);
    if (!address) return;
    const at = position ?? lowered.indexOf(address);
    const isCredit = at >= 0 && credits.test(text.slice(Math.max(0, at - 120), at));
    const rank = certainty + (kind === 'home' ? 0 : 1) + fitOf(address, site) - (isCredit ? 10 : 0);
    if (rank > (found.get(address)?.rank ?? -Infinity)) found.set(address, { address, rank, at });
  };
  for (const email of (owner?.emails ?? []).slice(0, mostMarked)) add(email, 4);
  for (const address of page.links.flatMap(mailtoOf).slice(0, mostMarked)) add(address, 3);
  for (const encoded of page.encodedAddresses.slice(0, mostMarked)) add(decodeCloudflare(encoded), 3);
  for (const match of text.matchAll(plain)) add(match[0], 1, match.index);
  return [...found.values()].filter(({ rank }) => rank > -5).sort((a, b) => b.rank - a.rank);
}

/** The text with addresses as they are dialled: `info [at] acme [dot] de` → `info@acme.de`. */
export function undisguised(text: string): string {
  return disguises.reduce((changed, [pattern, plainly]) => changed.replace(pattern, plainly), text);
}

/** How well an address fits its site: one of its own domain, for everybody's mail, does best. */
function fitOf(address: string, site: string | null): number {
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const isOwn = site !== null && getDomain(domain) === site;
  const home = isOwn ? 8 : freeMail.test(address) ? 3 : 0;
  return home + (roles.test(address) ? 2 : 0) - (specialists.test(address) ? 3 : 0);
}

function mailtoOf({ href }: PageDocument['links'][number]): string[] {
  if (/^mailto:/i.test(href)) return percentDecoded(href.slice(7).split('?')[0] ?? '').split(/[,;]/).slice(0, 20);
  const encoded = /\/cdn-cgi\/l\/email-protection#([0-9a-f]{4,})/i.exec(href)?.[1];
  return encoded ? [decodeCloudflare(encoded)] : [];
}

function decodeCloudflare(hex: string): string {
  const [key = 0, ...bytes] = Buffer.from(hex, 'hex');
  return Buffer.from(bytes.map((byte) => byte ^ key)).toString('utf8');
}

/** Normalised; null for what only looks like an address, or is nobody's. */
function usable(given: string): string | null {
  if (given.length > longest) return null;
  const bare = undisguised(given.trim()).replace(/^(u003e|%20|['._%+-])+/i, '').replace(/['._-]+$/, '');
  try {
    const address = normalizeEmailAddress(bare);
    const isReal = /\.([a-z]{2,}|xn--[a-z0-9-]+)$/.test(address) && !assets.test(address) && !/@\d+x\./.test(address);
    return isReal && !placeholders.test(address) && !machines.test(address) ? address : null;
  } catch (error) {
    if (error instanceof EmailAddressError) return null;
    throw error;
  }
}
