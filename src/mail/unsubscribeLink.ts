import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Outreach } from '../config/outreach.ts';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import { isUuid } from '../domain/globalId.ts';
import { secretKeyMissing } from '../domain/suppressionHash.ts';

/**
 * Where the receiver of a message unsubscribes. The link names the message and no person: it works for as long as its key
 * is one of SECRET_KEY, also after the person was erased.
 *
 * @param messageId uuid of the message
 * @throws {UserErrors} NOT_CONFIGURED without PUBLIC_URL or SECRET_KEY
 */
export function unsubscribeUrl({ publicUrl, secretKeys }: Outreach, messageId: string): string {
  if (publicUrl === undefined) {
    const message = 'Set PUBLIC_URL to the address that people reach this server by: unsubscribe links start with it.';
    throw new UserErrors({ code: UserErrorCode.NOT_CONFIGURED, message });
  }
  if (secretKeys[0] === undefined) throw secretKeyMissing();
  const id = Buffer.from(messageId.replaceAll('-', ''), 'hex');
  return `${publicUrl}/unsubscribe/${Buffer.concat([id, sign(secretKeys[0], messageId)]).toString('base64url')}`;
}

/** The uuid of the message that a link's token names, or null unless one of the keys has signed it. */
export function readUnsubscribeToken({ secretKeys }: Outreach, token: string): string | null {
  if (!/^[\w-]{43}$/.test(token)) return null;
  const bytes = Buffer.from(token, 'base64url');
  const messageId = bytes.subarray(0, 16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  const signature = bytes.subarray(16);
  const verified = secretKeys.map((key) => timingSafeEqual(sign(key, messageId), signature)).includes(true);
  return verified && isUuid(messageId) ? messageId : null;
}

/** Half of an HMAC-SHA256 (RFC 2104 allows it): 128 bits. */
function sign(secretKey: string, messageId: string): Buffer {
  return createHmac('sha256', secretKey).update(`unsubscribe ${messageId}`).digest().subarray(0, 16);
}
