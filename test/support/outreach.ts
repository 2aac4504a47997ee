import type { Outreach } from '../../src/config/outreach.ts';

/** Nothing but a secret key is configured, so that nothing can be sent; a test names what it wants besides. */
export function outreachOf(changes: Partial<Outreach> = {}): Outreach {
  return {
    secretKeys: ['a secret key for tests only'],
    publicUrl: undefined,
    smtpUrl: undefined,
    mailFrom: undefined,
    dkim: undefined,
    imapUrl: undefined,
    socialWebhook: undefined,
    languageModel: undefined,
    discovery: { allowedHosts: [], blueskyUrl: 'http://bluesky.invalid', githubUrl: 'http://github.invalid', githubToken: undefined },
    ...changes,
  };
}
