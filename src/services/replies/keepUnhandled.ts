import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { IncomingMail } from './receiveMail.ts';

/** Keeps a mail that could not be handled, as one that an older classifier has judged: `reclassifyInbound` takes it up again. */
export async function keepUnhandled(db: Kysely<any>, { raw, source, receivedAt }: IncomingMail, error: Error): Promise<void> {
  const hash = createHash('sha256').update(raw).digest('hex');
  const details = JSON.stringify({ rule: 'not handled', error: error.message.slice(0, 300) });
  await sql`
    insert into inbound_messages (id, raw, raw_hash, received_at, source, kind, classifier, details)
    values (${uuidv7()}::uuid, ${Buffer.from(raw)}, ${hash}, ${(receivedAt ?? new Date()).toISOString()}::timestamptz, ${source}, 'unrelated', 0, ${details}::jsonb)
    on conflict (raw_hash) do nothing`.execute(db);
}
