import type { Outreach } from '../../src/config/outreach.ts';

/** Nothing but a secret key is configured, so that nothing can be sent; a test names what it wants besides. */
export function outreachOf(changes: Partial<Outreach> = {}): Outreach {
  return {
    secretKeys: ['a secret key for tests only'],
    publicUrl: undefined,
    smtpUrl: undefined,
    mailFrom: undefined,
    dkim: undefined,
    // Nothing listens there: a test that wants an answer names a server of its own.
    dnsServers: ['127.0.0.1:1'],
    imapUrl: undefined,
    socialWebhook: undefined,
    languageModel: undefined,
    // The receivers of tests listen there.
    webhooks: { allowedHosts: ['127.0.0.1'] },
    discovery: { allowedHosts: [], blueskyUrl: 'http://bluesky.invalid', githubUrl: 'http://github.invalid', githubToken: undefined },
    ...changes,
  };
}
