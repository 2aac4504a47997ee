import { sql, type Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Outreach } from '../../../config/outreach.ts';
import { addressOf } from '../../../mail/mailFrom.ts';
import { lookUpRecords, type SenderRecord } from '../../../mail/lookUpRecords.ts';

/** The DNS is asked again after so long. */
const keptFor = '1 hour';

/**
 * The DNS records of the sender: those that were found lately, else they are looked up and written down. It takes two
 * seconds at most, and never fails for the DNS' sake.
 */
export async function checkSender(db: Kysely<any>, outreach: Outreach & { mailFrom: string }): Promise<SenderRecord[]> {
  const address = addressOf(outreach.mailFrom);
  const { rows } = await sql<{ records: SenderRecord[] }>`
    select records from senders where channel = 'email' and address = ${address} and checked_at > now() - ${keptFor}::interval`.execute(db);
  if (rows[0]) return rows[0].records;
  const records = await lookUpRecords(outreach);
  await sql`
    insert into senders (id, channel, address, records, checked_at) values (${uuidv7()}::uuid, 'email', ${address}, ${JSON.stringify(records)}::jsonb, now())
    on conflict (channel, address) do update set records = excluded.records, checked_at = excluded.checked_at`.execute(db);
  return records;
}
