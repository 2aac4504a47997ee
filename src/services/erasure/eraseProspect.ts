import { type Kysely, sql } from 'kysely';
import { SuppressionKind } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { toGlobalId } from '../../domain/globalId.ts';
import { suppressionHashes } from '../../domain/suppressionHash.ts';
import type { ServiceContext } from '../context.ts';
import { cancelWaitingMessages } from '../messages/cancelWaitingMessages.ts';
import { recordActivity } from '../recordActivity.ts';
import { retryTransient } from '../retryTransient.ts';
import { excludeProspects } from '../suppression/excludeProspects.ts';
import { changeSuppressions } from '../suppression/holdSuppressions.ts';
import { valuesOfProspect } from '../suppression/readValues.ts';
import type { SuppressedValue } from '../suppression/suppressed.ts';
import { writeSuppressions } from '../suppression/writeSuppressions.ts';
import { blankRows } from './blankRows.ts';
import { scrubMentions } from './scrubMentions.ts';

const reason = 'erased';

/**
 * Erases a person (GDPR, article 17), in one transaction: what is known of them, every text written to them or by them, and
 * what mentions them elsewhere. What stays is that there was somebody: the row, its states and dates, so that counts still
 * sum, and keyed hashes of addresses and handles, by which they are excluded whenever they come in again. Twice is once.
 * @throws {UserErrors} NOT_FOUND; NOT_CONFIGURED without SECRET_KEY; CONFLICT while a message to them is being sent
 */
export async function eraseProspect({ em, actor, outreach }: ServiceContext, { prospectId }: { prospectId: string }): Promise<void> {
  await retryTransient(() => em.transactional(async (tx) => {
    const db = tx.getKysely() as Kysely<any>;
    await changeSuppressions(db);
    if (await isErased(db, prospectId)) return;
    await cancelWaitingMessages(db, [prospectId], { actor: actor.name, reason });
    await checkNothingIsSent(db, prospectId);
    const values = [...(await valuesOfProspect(db, prospectId)), ...(await earlierAddresses(db, prospectId))];
    const names = await namesOf(db, prospectId, values);
    await writeSuppressions(db, outreach, values, { actor: actor.name, cause: reason });
    // Whoever suppressed them before may have written why.
    const hashes = values.flatMap(({ kind, value }) => suppressionHashes(outreach.secretKeys, kind, value));
    await sql`update suppressions set reason = ${reason} where hash = any(${hashes}::text[])`.execute(db);
    await excludeProspects(db, sql`id = ${prospectId}::uuid`, { actor: actor.name, reason });
    const addresses = values.flatMap(({ kind, value }) => (kind === SuppressionKind.EMAIL ? [value] : []));
    await blankRows(db, prospectId, addresses);
    await scrubMentions(db, names);
    await recordActivity(db, { actor: actor.name, action: 'prospect.erased', subjectType: 'Prospect', subjectId: prospectId });
  }));
}

/** Holds the row. @throws {UserErrors} NOT_FOUND */
async function isErased(db: Kysely<any>, prospectId: string): Promise<boolean> {
  const { rows } = await sql<{ erased: boolean }>`
    select erased_at is not null as erased from prospects where id = ${prospectId}::uuid for update`.execute(db);
  if (!rows[0]) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such prospect.', field: ['input', 'id'] });
  return rows[0].erased;
}

/** Nothing that waits is left: what a sender has in its hands is all that may still leave. @throws {UserErrors} CONFLICT */
async function checkNothingIsSent(db: Kysely<any>, prospectId: string): Promise<void> {
  const { rows } = await sql<{ sending: boolean }>`
    select exists (select from email_messages where prospect_id = ${prospectId}::uuid and status = 'sending') or exists (
      select from social_messages as m join social_profiles as s on s.id = m.social_profile_id
      where s.prospect_id = ${prospectId}::uuid and m.status = 'sending'
    ) as sending`.execute(db);
  if (rows[0]!.sending) {
    const message = 'A message to this person is being sent at this moment; nothing was erased: try again in a moment.';
    throw new UserErrors({ code: UserErrorCode.CONFLICT, message, field: ['input', 'id'], target: toGlobalId('Prospect', prospectId) });
  }
}

/** Where mails to them went before their address changed. */
async function earlierAddresses(db: Kysely<any>, prospectId: string): Promise<SuppressedValue[]> {
  const { rows } = await sql<{ recipient: string }>`
    select distinct recipient from email_messages
    where prospect_id = ${prospectId}::uuid and recipient <> '' and recipient is distinct from (select email from prospects where id = ${prospectId}::uuid)`.execute(db);
  return rows.map(({ recipient }) => ({ kind: SuppressionKind.EMAIL, value: recipient }));
}

/** All that they are called by: what mentions one of these mentions them. */
async function namesOf(db: Kysely<any>, prospectId: string, values: readonly SuppressedValue[]): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select unnest(array[display_name, username, profile_url]) as name from prospects where id = ${prospectId}::uuid
    union select unnest(array[display_name, username, profile_url]) from social_profiles where prospect_id = ${prospectId}::uuid`.execute(db);
  return [...new Set([...values.map(({ value }) => value), ...rows.map(({ name }) => name)])].filter((name) => name != null && name.trim() !== '');
}
