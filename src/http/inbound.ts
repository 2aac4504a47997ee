import { Router, raw, type RequestHandler } from 'express';
import { Role } from '../domain/enums.ts';
import { UserErrors } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import type { Actor, ServiceContext } from '../services/context.ts';
import { maxMailBytes, receiveMail, StillSendingError } from '../services/replies/receiveMail.ts';
import { sendError } from './errors.ts';
import { limitBody } from './limitBody.ts';
import { meterOf } from './meterOf.ts';

/**
 * POST /inbound: a mail that came in, as it came (RFC 5322), for whoever has no mailbox that can be read: a mail server's
 * pipe, or a provider's webhook that posts the raw message. Answers what it was taken for; the same mail again is
 * answered the same and changes nothing. 503 with Retry-After while the message that it answers is still being sent.
 */
export function inboundRoutes(services: (actor: Actor) => ServiceContext): Router {
  const router = Router();
  router.post('/inbound', operatorsOnly, limitBody(maxMailBytes), raw({ type: () => true, limit: maxMailBytes }), async (request, response) => {
    const actor = response.locals['actor'] as Actor;
    const mail: unknown = request.body;
    if (!Buffer.isBuffer(mail) || mail.length === 0) {
      sendError(response, 'BAD_USER_INPUT', 'Send the mail as it came, headers first, as the body of the request.', 400);
      return;
    }
    // What tells no length is paid for when it is there.
    if (request.headers['content-length'] === undefined) await meterOf(response).count(mail.length);
    try {
      const { kind, messageId, prospectId, isDuplicate } = await receiveMail(services(actor), { raw: mail, source: 'http' });
      response.json({
        kind: kind.toUpperCase(),
        messageId: messageId && toGlobalId('Message', messageId),
        prospectId: prospectId && toGlobalId('Prospect', prospectId),
        isDuplicate,
      });
    } catch (error) {
      if (error instanceof StillSendingError) sendError(response.set('Retry-After', '10'), 'OVERLOADED', error.message, 503);
      else if (error instanceof UserErrors) response.status(422).json({ userErrors: error.errors });
      else throw error;
    }
  });
  return router;
}

/** Before anything is read: whoever may hand in none takes no place from those who may. */
const operatorsOnly: RequestHandler = (_request, response, next) => {
  if ((response.locals['actor'] as Actor).role === Role.VIEWER) sendError(response, 'FORBIDDEN', 'Handing in mail needs the role OPERATOR.', 403);
  else next();
};
