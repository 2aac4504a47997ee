import { sql, type Kysely } from 'kysely';
import { Channel, DraftStatus } from '../../domain/enums.ts';
import { boundMessage } from './boundMessage.ts';
import { lockDrafts } from './lockDrafts.ts';
import { replaceText } from './replaceText.ts';

/**
 * Addresses the e-mails that wait for a review, or were approved, to the prospect's present address, which takes the
 * approval back. One with a message under way stays: its message is not sent to an address that is none any more. Inside the
 * transaction that has changed the address.
 */
export async function readdressDrafts(db: Kysely<any>, prospectId: string, actor: string): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select d.id from email_drafts as d join prospects as p on p.id = d.prospect_id
    where p.id = ${prospectId}::uuid and d.status in ('pending_review', 'approved') and d.recipient is distinct from p.email`.execute(db);
  const drafts = await lockDrafts(db, rows.map(({ id }) => ({ id, channel: Channel.EMAIL })));
  for (const draft of drafts.values()) {
    if (draft.status === DraftStatus.PENDING_REVIEW || (draft.status === DraftStatus.APPROVED && !(await boundMessage(db, draft)))) {
      await replaceText(db, draft, {}, { actor, action: 'draft.readdressed' });
    }
  }
}
