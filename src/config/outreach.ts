import { allOrNone } from './allOrNone.ts';
import type { Variables } from './variables.ts';

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

/** @throws {ConfigurationError} where something is missing of what goes together */
export function readOutreach(values: Variables): Outreach {
  const { DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY, SOCIAL_WEBHOOK_URL, SOCIAL_WEBHOOK_SECRET, LLM_BASE_URL, LLM_API_KEY, LLM_MODEL } = values;
  allOrNone({ DKIM_DOMAIN, DKIM_SELECTOR, DKIM_PRIVATE_KEY });
  allOrNone({ SOCIAL_WEBHOOK_URL, SOCIAL_WEBHOOK_SECRET });
  allOrNone({ LLM_BASE_URL, LLM_MODEL });
  return {
    secretKeys: values.SECRET_KEY?.split(',').map((key) => key.trim()) ?? [],
    publicUrl: values.PUBLIC_URL?.replace(/\/+$/, ''),
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM,
    dkim: DKIM_PRIVATE_KEY ? { domain: DKIM_DOMAIN!, selector: DKIM_SELECTOR!, privateKey: DKIM_PRIVATE_KEY.replaceAll('\\n', '\n') } : undefined,
    dnsServers: values.DNS_SERVERS?.split(',').map((server) => server.trim()),
    imapUrl: values.IMAP_URL,
    socialWebhook: SOCIAL_WEBHOOK_URL ? { url: SOCIAL_WEBHOOK_URL, secret: SOCIAL_WEBHOOK_SECRET!, timeoutSeconds: values.SOCIAL_WEBHOOK_TIMEOUT } : undefined,
    languageModel: LLM_BASE_URL ? { baseUrl: LLM_BASE_URL, apiKey: LLM_API_KEY ?? '', model: LLM_MODEL!, timeoutSeconds: values.LLM_TIMEOUT } : undefined,
    webhooks: { allowedHosts: hostsOf(values.WEBHOOK_ALLOWED_HOSTS) },
    discovery: {
      allowedHosts: hostsOf(values.DISCOVERY_ALLOWED_HOSTS),
      blueskyUrl: values.BLUESKY_URL.replace(/\/+$/, ''),
      githubUrl: values.GITHUB_API_URL.replace(/\/+$/, ''),
      githubToken: values.GITHUB_TOKEN,
    },
  };
}

const hostsOf = (text = ''): string[] => text.split(',').map((host) => host.trim().toLowerCase()).filter((host) => host !== '');
