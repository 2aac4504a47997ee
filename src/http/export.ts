import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Router, type Response } from 'express';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ExportFormat } from '../services/export/columns.ts';
import { type ExportProspects, exportProspects } from '../services/export/exportProspects.ts';
import { sendError } from './errors.ts';
import { meterOf } from './meterOf.ts';

const contentTypes: Readonly<Record<ExportFormat, string>> = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson; charset=utf-8' };

export interface ExportOptions {
  /** with a transaction of its own */
  em: () => EntityManager;
  /** a ProspectFilter that came as JSON; throws OutriderError BAD_USER_INPUT */
  readFilter: (json: unknown) => ExportProspects['filter'];
  log: { warn(details: object, message: string): void };
}

/**
 * GET /export?format=csv|ndjson&filter={…}: every prospect that a ProspectFilter selects, streamed, of one snapshot. What
 * POST /import takes again. Ends with the connection broken when it cannot be finished, never as a whole file.
 */
export function exportRoutes({ em, readFilter, log }: ExportOptions): Router {
  const router = Router();
  router.get('/export', async (request, response) => {
    const format = request.query['format'];
    if (format !== 'csv' && format !== 'ndjson') {
      sendError(response, 'BAD_USER_INPUT', 'Say which format the file shall have: ?format=csv or ?format=ndjson.', 400);
      return;
    }
    const filter = readFilter(parsed(request.query['filter']));
    if (request.method === 'HEAD') {
      response.set(headersOf(format)).end();
      return;
    }
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      await send(response, format, meterOf(response).counted(exportProspects(em(), { format, filter, signal: gone.signal })));
    } catch (error) {
      if (!response.headersSent) throw error;
      if (!gone.signal.aborted) log.warn({ err: error }, 'an export broke off');
      response.destroy();
    }
  });
  return router;
}

const headersOf = (format: ExportFormat): Record<string, string> => ({
  'content-type': contentTypes[format],
  'content-disposition': `attachment; filename="prospects.${format}"`,
});

/** The first piece is there before anything is sent: until then a failure has an answer of its own. */
async function send(response: Response, format: ExportFormat, pieces: AsyncGenerator<string>): Promise<void> {
  const first = await pieces.next();
  response.set(headersOf(format));
  const all = async function* () {
    yield first.value as string;
    yield* pieces;
  };
  // A pipeline listens for its end many times over, beside those who give places back; Node warns of more than ten.
  response.setMaxListeners(20);
  await pipeline(Readable.from(all(), { highWaterMark: 1 }), response);
}

function parsed(json: unknown): unknown {
  if (json === undefined || json === '') return {};
  try {
    return JSON.parse(String(json));
  } catch {
    // What is no JSON is no filter either.
    return json;
  }
}
