import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Router, type Request } from 'express';
import { Role } from '../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import type { Actor } from '../services/context.ts';
import { parseMapping } from '../services/import/columns.ts';
import { importRecords } from '../services/importRecords.ts';
import type { JobContext } from '../services/jobContext.ts';
import { sendError } from './errors.ts';

const formats = ['csv', 'ndjson'] as const;

/**
 * POST /import?format=csv|ndjson&dryRun=true&mapping={…}: a file of any size, streamed; `Content-Encoding: gzip` is
 * understood, and the header Idempotency-Key keeps a repeat from starting a second job. Answers `{ job: { id }, userErrors }`
 * once the last row has its outcome.
 */
export function importRoutes(services: (actor: Actor) => JobContext): Router {
  const router = Router();
  router.post('/import', async (request, response) => {
    const actor = response.locals['actor'] as Actor;
    if (actor.role === Role.VIEWER) {
      sendError(response, 'FORBIDDEN', 'An import needs the role OPERATOR.', 403);
      return;
    }
    const format = formats.find((known) => known === request.query['format']);
    if (!format) {
      sendError(response, 'BAD_USER_INPUT', 'Say which format the file has: ?format=csv or ?format=ndjson.', 400);
      return;
    }
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'gzip' && encoding !== 'identity') {
      sendError(response, 'BAD_USER_INPUT', `The Content-Encoding ${encoding} is not understood: send the file as it is, or gzipped.`, 415);
      return;
    }
    const context = services(actor);
    const body = encoding === 'gzip' ? unpacked(request) : request;
    try {
      const { jobId } = await importRecords(context, body, {
        format,
        mapping: parseMapping(mappingOf(request)),
        dryRun: request.query['dryRun'] === 'true',
        digest: null,
        idempotencyKey: request.get('idempotency-key'),
        notify: (id, sequence) => context.events.publish('jobs', [[id, sequence]]),
      });
      response.json({ job: { id: toGlobalId('Job', jobId) }, userErrors: [] });
    } catch (error) {
      if (error instanceof UserErrors) response.status(422).json({ job: null, userErrors: error.errors satisfies readonly UserError[] });
      else if (isDamage(error)) sendError(response, 'BAD_USER_INPUT', 'The file cannot be unpacked: pack it again; rows that were imported stay.', 400);
      // Whoever sent it is gone; the job says how it ended.
      else if (!request.errored) throw error;
    }
  });
  return router;
}

/** Unlike `pipe` alone it breaks off when the request does; unlike a pipeline it leaves a socket for the answer to damage. */
function unpacked(request: Request): Readable {
  const gunzip = createGunzip();
  request.on('error', (error) => gunzip.destroy(error));
  return request.pipe(gunzip);
}

/** Whether it is zlib that refused what was sent. */
function isDamage(error: unknown): error is NodeJS.ErrnoException {
  return (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true;
}

function mappingOf({ query }: Request): unknown {
  const { mapping } = query;
  if (typeof mapping !== 'string') return undefined;
  try {
    return JSON.parse(mapping);
  } catch {
    throw new UserErrors({ code: UserErrorCode.INVALID, message: 'mapping must be JSON: {"column": "field"}.', field: ['mapping'] });
  }
}
