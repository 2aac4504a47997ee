import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import { lookUpRecords } from '../../src/mail/lookUpRecords.ts';
import { outreachOf } from '../support/outreach.ts';
import { shortest, timed } from '../support/shortest.ts';
import { openNameServer, type NameServer, type Zone } from './nameServer.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048, privateKeyEncoding: { type: 'pkcs8', format: 'pem' }, publicKeyEncoding: { type: 'spki', format: 'der' } });
const key = publicKey.toString('base64');
const dkim = { domain: 'example.org', selector: 's1', privateKey };

const complete: Zone = {
  'TXT mail.example.org': ['some other text', 'v=spf1 include:_spf.example.net ~all'],
  'TXT s1._domainkey.example.org': [`v=DKIM1; k=rsa; p=${key}`],
  'TXT _dmarc.example.org': ['v=DMARC1; p=reject; rua=mailto:d@example.org'],
  'MX mail.example.org': ['mx1.example.org', 'mx2.example.org'],
};

let server: NameServer | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

async function look(zone: Zone | null, changes = {}) {
  server?.close();
  server = await openNameServer(zone);
  const records = await lookUpRecords({ ...outreachOf({ dkim, dnsServers: [server.address], ...changes }), mailFrom: 'Ada <ada@Mail.Example.org>' });
  return Object.fromEntries(records.map(({ kind, found, problem }) => [kind, { found, problem }]));
}

describe('what the DNS says of a sender', () => {
  it('is fine when everything is published', async () => {
    const records = await look(complete);
    expect(Object.values(records).map(({ problem }) => problem)).toEqual([null, null, null, null]);
    expect(records['SPF']!.found).toBe('v=spf1 include:_spf.example.net ~all');
    expect(records['DMARC']!.found).toContain('p=reject');
    expect(records['MX']!.found).toBe('mx1.example.org, mx2.example.org');
  });

  it('names everything that is missing', async () => {
    const records = await look({});
    expect(records).toEqual({
      SPF: { found: null, problem: expect.stringContaining('mail.example.org has no SPF record') },
      DKIM: { found: null, problem: expect.stringContaining('s1._domainkey.example.org has no DKIM key') },
      DMARC: { found: null, problem: expect.stringContaining('_dmarc.mail.example.org') },
      MX: { found: null, problem: expect.stringContaining('takes no mail') },
    });
    expect(server!.asked).toContain('TXT _dmarc.example.org');
  });

  it.each([
    ['SPF', 'two records', { 'TXT mail.example.org': ['v=spf1 -all', 'v=spf1 ~all'] }, /2 SPF records/],
    ['SPF', 'one that lets everybody send', { 'TXT mail.example.org': ['v=spf1 mx +all'] }, /everybody/],
    ['DKIM', 'another key', { 'TXT s1._domainkey.example.org': [`v=DKIM1; p=${key.replaceAll('A', 'B')}`] }, /not that of DKIM_PRIVATE_KEY/],
    ['DKIM', 'a revoked key', { 'TXT s1._domainkey.example.org': ['v=DKIM1; p='] }, /revoked/],
    ['DMARC', 'no policy', { 'TXT _dmarc.example.org': ['v=DMARC1; rua=mailto:d@example.org'] }, /no policy/],
    ['MX', 'a null MX', { 'MX mail.example.org': [''] }, /takes no mail/],
  ])('%s: %s is a problem', async (kind, _, change, problem) => {
    const records = await look({ ...complete, ...change } as Zone);
    expect(records[kind]!.problem).toMatch(problem);
    expect(Object.entries(records).filter(([other]) => other !== kind).map(([, { problem: none }]) => none)).toEqual([null, null, null]);
  });

  it('of a key of another domain than the sender\'s does not count', async () => {
    const records = await look({ ...complete, 'TXT s1._domainkey.other.net': [`p=${key}`] }, { dkim: { ...dkim, domain: 'other.net' } });
    expect(records['DKIM']!.problem).toContain('other.net');
  });

  it('without a key says that the mail server has to sign', async () => {
    expect((await look(complete, { dkim: undefined }))['DKIM']!.problem).toContain('DKIM_DOMAIN');
  });

  it.each([
    ['a server that fails', Object.fromEntries(Object.keys(complete).map((name) => [name, null])) as Zone],
    ['a server that never answers', null],
  ])('of %s is that nobody knows, in time', async (_, zone) => {
    const { value: records, took } = await shortest(4_000, () => timed(() => look(zone)), ({ took }) => took);
    expect(Object.values(records).map(({ problem }) => problem)).toEqual(Array.from({ length: 4 }, () => expect.stringContaining('could not be looked up')));
    expect(took).toBeLessThan(4_000);
  });

  it('of servers that are none is a problem, and no failure', async () => {
    const records = await look(complete, { dnsServers: ['not a server'] });
    expect(records['SPF']!.problem).toContain('DNS_SERVERS');
  });
});
