import type { Program } from './program.ts';

type Status = 'queued' | 'sending' | 'deferred' | 'sent' | 'outcome_unknown' | 'failed' | 'cancelled' | 'bounced' | 'replied' | 'complained';

export interface Seeded {
  name: string;
  status: Status;
  channel?: 'email' | 'social';
  blockedBy?: string;
  error?: string;
  body?: string;
  subject?: string;
  /** hours from now */
  due?: number;
}

/** One message with its prospect, draft and job. @returns the uuid of the message */
export async function addMessage(program: Program, { name, status, channel = 'email', blockedBy, error, body = 'Hello,\nI read what you make.', subject = 'Your work', due }: Seeded): Promise<string> {
  const handle = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-').slice(0, 40) || 'someone';
  const left = ['sent', 'bounced', 'replied', 'complained'].includes(status);
  const [ids] = await program.query('select gen_random_uuid() as prospect, gen_random_uuid() as profile, gen_random_uuid() as draft, gen_random_uuid() as message, gen_random_uuid() as job');
  const { prospect, profile, draft, message, job } = ids as Record<string, string>;
  await program.query(
    `insert into prospects (id, canonical_key, profile_url, display_name, email, review_status, draft_status)
     values ($1::uuid, 'example.org/' || $1::uuid, 'https://example.org/' || $2, $3, $2 || '@example.org', 'approved', $4::draft_status)`,
    [prospect, handle, name, channel === 'email' ? 'approved' : 'none'],
  );
  await program.query(`insert into jobs (id, job_type, status, sequence, started_at, total_targets, parameters) values ($1, 'send', 'running', 1, now(), 1, $2)`, [job, JSON.stringify({ channel })]);
  await program.query(`insert into job_chunks (job_id, number, first_ordinal, target_count, target_ids) values ($1, 1, 1, 1, array[$2::uuid])`, [job, message]);
  const recipient = channel === 'email' ? `${handle}@example.org` : `https://github.com/${handle}`;
  const target = channel === 'email' ? prospect : profile;
  if (channel === 'social') {
    await program.query(
      `insert into social_profiles (id, prospect_id, canonical_key, platform, username, display_name, profile_url, draft_status)
       values ($1, $2, 'github.com/' || $3, 'github', $3, $4, 'https://github.com/' || $3, 'approved')`,
      [profile, prospect, handle, name],
    );
  }
  const key = channel === 'email' ? 'prospect_id' : 'social_profile_id';
  await program.query(
    `insert into ${channel}_drafts (id, ${key}, body, status, fingerprint, approved_fingerprint, recipient ${channel === 'email' ? ', subject' : ''})
     values ($1, $2, $3, 'approved', 'f', 'f', $4 ${channel === 'email' ? ', $5' : ''})`,
    [draft, target, body, recipient, ...(channel === 'email' ? [subject] : [])],
  );
  await program.query(
    `insert into ${channel}_messages (id, draft_id, ${key}, job_id, chunk, body, recipient, fingerprint, status, blocked_by, error, due_at, sent_at, attempts ${channel === 'email' ? ', message_id, subject' : ''})
     values ($1::uuid, $2, $3, $4, 1, $5, $6, 'f', $7::message_status, $8, $9, now() + make_interval(hours => $10::int), case when $11 then now() - interval '3 hours' end, $12 ${channel === 'email' ? `, '<' || $1::uuid || '@example.org>', $13` : ''})`,
    [message, draft, target, job, body, recipient, status, blockedBy ?? null, error ?? null, due ?? null, left, status === 'queued' ? 0 : 1, ...(channel === 'email' ? [subject] : [])],
  );
  await program.query(`insert into activities (id, actor, action, subject_type, subject_id, to_state) values (gen_random_uuid(), 'admin', 'message.queued', 'Message', $1, 'queued')`, [message]);
  return message!;
}

/** A mail that came in about a message, or about none. @returns its uuid */
export async function addMail(program: Program, { kind, message, sender, subject, text }: { kind: string; message?: string; sender: string; subject: string; text: string }): Promise<string> {
  const [row] = await program.query(
    `insert into inbound_messages (id, raw, raw_hash, received_at, source, sender, subject, excerpt, kind, classifier, details, email_message_id, prospect_id)
     values (gen_random_uuid(), '', gen_random_uuid()::text, now(), 'mailbox', $1, $2, $3, $4::inbound_kind, 1, '{"rule": "In-Reply-To"}', $5::uuid, (select prospect_id from email_messages where id = $5::uuid)) returning id`,
    [sender, subject, text, kind, message ?? null],
  );
  return String(row!['id']);
}
