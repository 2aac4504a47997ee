import { createPublicKey } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { getDomain } from 'tldts';
import type { Outreach } from '../config/outreach.ts';
import { domainOf } from './mailFrom.ts';

/** A DNS record that mailbox providers judge a sender by. */
export interface SenderRecord {
  kind: 'SPF' | 'DKIM' | 'DMARC' | 'MX';
  /** as it stands in the DNS; null where there is none, or nobody knows */
  found: string | null;
  /** what is wrong and what to do, in one sentence; null when it is fine */
  problem: string | null;
}

/** Milliseconds for all of them together: nobody's mail waits for a name server. */
const deadline = 2_000;

/**
 * Looks up what is published about a sender's domain. Never rejects: what cannot be looked up says so.
 * @param outreach `mailFrom` is whose records; `dkim` what we sign with
 */
export async function lookUpRecords({ mailFrom, dkim, dnsServers }: Outreach & { mailFrom: string }): Promise<SenderRecord[]> {
  const domain = domainOf(mailFrom);
  const resolver = new Resolver({ timeout: 1_500, tries: 1 });
  void sleep(deadline, undefined, { ref: false }).then(() => resolver.cancel());
  try {
    if (dnsServers) resolver.setServers([...dnsServers]);
  } catch {
    return (['SPF', 'DKIM', 'DMARC', 'MX'] as const).map((kind) => ({ kind, found: null, problem: `DNS_SERVERS names no server: ${dnsServers?.join(', ')}.` }));
  }
  return Promise.all([spf(resolver, domain), dkimOf(resolver, domain, dkim), dmarc(resolver, domain), mx(resolver, domain)]);
}

async function spf(resolver: Resolver, domain: string): Promise<SenderRecord> {
  return judge('SPF', async () => {
    const records = (await texts(resolver, domain)).filter((text) => /^v=spf1( |$)/i.test(text));
    const [found = null] = records;
    if (found === null) return { found, problem: `${domain} has no SPF record: publish which servers may send for it.` };
    if (records.length > 1) return { found, problem: `${domain} has ${records.length} SPF records, and may have one: join them.` };
    return { found, problem: /\s\+?all(\s|$)/i.test(found) ? `The SPF record of ${domain} lets everybody send: end it with -all or ~all.` : null };
  });
}

async function dkimOf(resolver: Resolver, domain: string, dkim: Outreach['dkim']): Promise<SenderRecord> {
  if (!dkim) {
    return { kind: 'DKIM', found: null, problem: 'Mails are not signed here: set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_PRIVATE_KEY unless the mail server signs them.' };
  }
  const name = `${dkim.selector}._domainkey.${dkim.domain}`;
  return judge('DKIM', async () => {
    const found = (await texts(resolver, name)).find((text) => /\bp=/.test(text)) ?? null;
    if (found === null) return { found, problem: `${name} has no DKIM key: publish the public key of DKIM_PRIVATE_KEY there.` };
    const published = /\bp=([^;]*)/.exec(found)?.[1]?.replaceAll(/\s/g, '');
    if (published === '') return { found, problem: `The DKIM key at ${name} is revoked: publish another one.` };
    if (published !== publicKeyOf(dkim.privateKey)) return { found, problem: `The DKIM key at ${name} is not that of DKIM_PRIVATE_KEY: signatures will not hold.` };
    const isAligned = getDomain(dkim.domain) === getDomain(domain);
    return { found, problem: isAligned ? null : `DKIM_DOMAIN ${dkim.domain} is not of ${domain}, which mails come from: DMARC does not count its signatures.` };
  });
}

async function dmarc(resolver: Resolver, domain: string): Promise<SenderRecord> {
  return judge('DMARC', async () => {
    for (const name of new Set([domain, getDomain(domain) ?? domain])) {
      const found = (await texts(resolver, `_dmarc.${name}`)).find((text) => /^v=DMARC1\b/.test(text));
      if (found === undefined) continue;
      return { found, problem: /;\s*p=(none|quarantine|reject)\b/i.test(found) ? null : `The DMARC record of ${name} has no policy: add p=none, p=quarantine or p=reject.` };
    }
    return { found: null, problem: `${domain} has no DMARC record: publish one at _dmarc.${domain}, p=none to begin with.` };
  });
}

async function mx(resolver: Resolver, domain: string): Promise<SenderRecord> {
  return judge('MX', async () => {
    const hosts = (await orNone(resolver.resolveMx(domain))).sort((a, b) => a.priority - b.priority).map(({ exchange }) => exchange);
    const found = hosts.length > 0 ? hosts.join(', ') : null;
    return { found, problem: hosts.some((host) => host !== '') ? null : `${domain} takes no mail: answers and bounces would not arrive; publish an MX record.` };
  });
}

async function judge(kind: SenderRecord['kind'], look: () => Promise<Omit<SenderRecord, 'kind'>>): Promise<SenderRecord> {
  try {
    return { kind, ...(await look()) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    return { kind, found: null, problem: `It could not be looked up (${code}); it is tried again within the hour.` };
  }
}

async function texts(resolver: Resolver, name: string): Promise<string[]> {
  return (await orNone(resolver.resolveTxt(name))).map((parts) => parts.join(''));
}

/** That there is no such name or record is an answer. */
async function orNone<Item>(lookup: Promise<Item[]>): Promise<Item[]> {
  try {
    return await lookup;
  } catch (error) {
    if (['ENODATA', 'ENOTFOUND'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** As DKIM publishes it: the base64 of its DER; null of what is no key. */
function publicKeyOf(privateKey: string): string | null {
  try {
    return createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('base64');
  } catch {
    return null;
  }
}
