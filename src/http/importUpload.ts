import { createHash } from 'node:crypto';
import { PassThrough, type Duplex, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Router, type Request } from 'express';
import { Role } from '../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../domain/errors.ts';
import { toGlobalId } from '../domain/globalId.ts';
import type { Actor } from '../services/context.ts';
import { parseMapping } from '../services/import/columns.ts';
import { importRecords } from '../services/importRecords.ts';
import type { JobContext } from '../services/jobContext.ts';
import { beginningOf } from './beginningOf.ts';
import { sendError } from './errors.ts';
import { meterOf } from './meterOf.ts';

/** Bytes, unpacked, by which most other files are told from a repeat before the rest has come. */
const knownBy = 32 * 1024;
const formats = ['csv', 'ndjson'] as const;
/** What is meant as a rehearsal must not be taken for an import because it is spelt otherwise. */
const rehearsals: readonly unknown[] = ['true', 'false', undefined];

/**
 * POST /import?format=csv|ndjson&dryRun=true&mapping={…}: a file of any size, streamed; `Content-Encoding: gzip` is
 * understood, and the header Idempotency-Key keeps a repeat, the same file, from starting a second job. Answers `{ job: { id }, userErrors }`
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
    if (!rehearsals.includes(request.query['dryRun'])) {
      sendError(response, 'BAD_USER_INPUT', 'dryRun is true or false, and given once: ?dryRun=true looks at the rows and writes none of them.', 400);
      return;
    }
    const encoding = request.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'gzip' && encoding !== 'identity') {
      sendError(response, 'BAD_USER_INPUT', `The Content-Encoding ${encoding} is not understood: send the file as it is, or gzipped.`, 415);
      return;
    }
    const context = services(actor);
    const leaving = new AbortController();
    response.once('close', () => leaving.abort());
    const content = contentOf(request, encoding === 'gzip' ? createGunzip() : new PassThrough());
    try {
      const idempotencyKey = request.get('idempotency-key');
      const counted = meterOf(response).counted(content);
      const { beginning, whole } = await beginningOf(counted, idempotencyKey === undefined ? 0 : knownBy);
      const { jobId } = await importRecords(context, whole, {
        format,
        mapping: parseMapping(mappingOf(request)),
        dryRun: request.query['dryRun'] === 'true',
        digest: null,
        beginning: createHash('sha256').update(beginning).digest('hex'),
        idempotencyKey,
        waiting: leaving.signal,
        notify: (id, sequence) => context.events.publish('jobs', [[id, sequence]]),
      });
      response.json({ job: { id: toGlobalId('Job', jobId) }, userErrors: [] });
    } catch (error) {
      if (error instanceof UserErrors) response.status(422).json({ job: null, userErrors: error.errors satisfies readonly UserError[] });
      else if (isDamage(error)) sendError(response, 'BAD_USER_INPUT', 'The file cannot be unpacked: pack it again; rows that were imported stay.', 400);
      // Whoever sent it is gone; the job says how it ended.
      else if (!request.errored && !leaving.signal.aborted) throw error;
    }
  });
  return router;
}

/**
 * What was sent, through a stream that whoever reads may break off: the request itself would be over then, and could not be answered. It
 * breaks off when the request does. Whoever reads it hears of an error; where nobody does, as the upload is refused, it ends no process.
 */
function contentOf(request: Request, through: Duplex): Readable {
  through.on('error', () => {});
  request.on('error', (error) => through.destroy(error));
  return request.pipe(through);
}

/** Whether it is zlib that refused what was sent. */
function isDamage(error: unknown): error is NodeJS.ErrnoException {
  return (error as NodeJS.ErrnoException).code?.startsWith('Z_') === true;
}

function mappingOf({ query }: Request): unknown {
  const { mapping } = query;
  if (mapping === undefined) return undefined;
  try {
    if (typeof mapping === 'string') return JSON.parse(mapping);
  } catch {
    // Said below.
  }
  throw new UserErrors({ code: UserErrorCode.INVALID, message: 'mapping must be JSON, and given once: {"column": "field"}.', field: ['mapping'] });
}
