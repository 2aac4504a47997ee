import { createHash } from 'node:crypto';
import { UserErrorCode, UserErrors } from '../domain/errors.ts';
import type { ServiceContext } from './context.ts';
import { parseMapping } from './import/columns.ts';
import type { ImportFormat } from './import/readRecords.ts';
import type { Notify } from './import/runImport.ts';
import { importRecords } from './importRecords.ts';

const maxInlineBytes = 64 * 1024;

export interface ImportProspects {
  format: ImportFormat;
  data: string;
  /** the file's column → the prospect's field, where the names differ */
  mapping?: unknown;
  dryRun?: boolean | null;
  idempotencyKey?: string | null;
}

/**
 * Imports a small file within the request.
 * @returns the finished job; with an idempotencyKey that was used before, that request's job
 * @throws {UserErrors} INVALID, CONFLICT
 */
export async function importProspects(context: ServiceContext, input: ImportProspects, notify?: Notify): Promise<{ jobId: string }> {
  const data = Buffer.from(input.data, 'utf8');
  if (data.length > maxInlineBytes) {
    throw new UserErrors({
      code: UserErrorCode.INVALID,
      message: `The data has ${data.length} bytes, and at most ${maxInlineBytes} are taken here: send the file to POST /import, or use "outrider import FILE".`,
      field: ['input', 'data'],
    });
  }
  const { jobId } = await importRecords(context, once(data), {
    format: input.format,
    mapping: parseMapping(input.mapping),
    dryRun: input.dryRun ?? false,
    digest: createHash('sha256').update(data).digest('hex'),
    idempotencyKey: input.idempotencyKey,
    notify,
  });
  return { jobId };
}

async function* once(data: Buffer): AsyncGenerator<Buffer> {
  yield data;
}
