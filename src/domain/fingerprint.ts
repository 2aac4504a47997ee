import { hash } from 'node:crypto';
import type { Channel } from './enums.ts';

export interface DraftText {
  channel: Channel;
  /** the e-mail address or the profile's URL */
  recipient: string | null;
  /** null on the social channel */
  subject: string | null;
  body: string;
}

/** sha-256 in hex over channel, recipient, subject and body: what an approval names. */
export function draftFingerprint({ channel, recipient, subject, body }: DraftText): string {
  return hash('sha256', JSON.stringify([channel, recipient, subject, body]), 'hex');
}
