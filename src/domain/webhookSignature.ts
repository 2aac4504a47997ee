import { createHmac, randomBytes } from 'node:crypto';

/** What a webhook sends: the receiver knows a repetition by its id, and an old message by its time. */
export interface SignedMessage {
  /** stays the same on every attempt */
  id: string;
  /** when this attempt is made */
  at: Date;
  body: string;
  secret: string;
}

/** The headers of Standard Webhooks (standardwebhooks.com): HMAC-SHA256 over `id.timestamp.body`. */
export function signatureHeaders({ id, at, body, secret }: SignedMessage): Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string> {
  const timestamp = Math.floor(at.getTime() / 1000).toString();
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${sign(`${id}.${timestamp}.${body}`, secret)}` };
}

/** A secret in the form of the standard. */
export const newWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;

function sign(text: string, secret: string): string {
  return createHmac('sha256', keyOf(secret)).update(text, 'utf8').digest('base64');
}

/** `whsec_…` is base64; any other secret is its own bytes. */
function keyOf(secret: string): Buffer {
  return secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret, 'utf8');
}
