/** Where Outrider reaches people and services, and with which secrets. What is absent is not configured. */
export interface Outreach {
  /** the first one signs; all of them verify, so that keys can be rotated */
  secretKeys: readonly string[];
  /** the address that people reach this server by, without a trailing slash: links in mails start with it */
  publicUrl: string | undefined;
  /** smtp:// or smtps:// */
  smtpUrl: string | undefined;
  /** a mailbox as in a From header: "Ada <ada@example.org>" */
  mailFrom: string | undefined;
  dkim: { domain: string; selector: string; privateKey: string } | undefined;
  /** "host" or "host:port" of who is asked for the sender's DNS records; the system's resolvers when absent */
  dnsServers?: readonly string[] | undefined;
  /** imap:// or imaps://user:password@host/folder; the folder is INBOX unless told */
  imapUrl: string | undefined;
  /** where social messages are posted to */
  socialWebhook: { url: string; secret: string; timeoutSeconds: number } | undefined;
  /** an OpenAI-compatible endpoint; a request may take a minute unless told */
  languageModel: { baseUrl: string; apiKey: string; model: string; timeoutSeconds?: number } | undefined;
  webhooks: {
    /** "host" or "host:port" that webhooks may be posted to although it is not public */
    allowedHosts: readonly string[];
  };
  discovery: {
    /** "host" or "host:port" that discovery may fetch from although it is not public */
    allowedHosts: readonly string[];
    /** where the platforms' APIs are, without a trailing slash */
    blueskyUrl: string;
    githubUrl: string;
    /** raises the rate limit of GitHub */
    githubToken: string | undefined;
  };
}
