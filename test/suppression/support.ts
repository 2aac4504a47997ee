import { randomUUID } from 'node:crypto';
import { ImportBench } from '../import/support.ts';

export interface ProspectRow {
  id: string;
  email: string | null;
  stage: string;
  excluded_at: Date | null;
  replied_at: Date | null;
  erased_at: Date | null;
  email_blocked: boolean;
}

export interface MessageRow {
  id: string;
  status: string;
  error: string | null;
}

/** A database with prospects and messages in whatever state a test wants. */
export class OutreachBench {
  private constructor(readonly bench: ImportBench) {}

  static async open(): Promise<OutreachBench> {
    return new OutreachBench(await ImportBench.open());
  }

  query<Row extends object = any>(sql: string, values?: unknown[]): Promise<Row[]> {
    return this.bench.query<Row>(sql, values);
  }

  /** An approved prospect on a website of its own, with a profile on GitHub. */
  async prospect(name: string, columns: { email?: string | null; profile_url?: string } = {}): Promise<string> {
    const id = randomUUID();
    const email = columns.email === undefined ? `${name}@${name}.example` : columns.email;
    await this.query(
      `insert into prospects (id, canonical_key, profile_url, display_name, email, review_status)
       values ($1, $2, 'https://' || $2, $3, $4, 'approved')`,
      [id, columns.profile_url ?? `${name}.example`, name, email],
    );
    await this.query(
      `insert into social_profiles (id, prospect_id, canonical_key, platform, username, profile_url) values ($1, $2, $3, 'github', $4, $5)`,
      [randomUUID(), id, `github.com/${name}`, name, `https://github.com/${name}`],
    );
    return id;
  }

  async email(prospectId: string, status: string, { followUp = false } = {}): Promise<string> {
    const [id, draft] = [randomUUID(), randomUUID()];
    await this.query(
      `insert into email_drafts (id, prospect_id, subject, body, fingerprint, approved_fingerprint, status, recipient, is_follow_up)
       select $1, id, 'Hello', 'Text', 'f', 'f', $3, email, $4 from prospects where id = $2`,
      [draft, prospectId, status === 'queued' ? 'approved' : 'sent', followUp],
    );
    await this.query(
      `insert into email_messages (id, prospect_id, draft_id, subject, body, recipient, message_id, status, is_follow_up, sent_at)
       select $1::uuid, id, $3::uuid, 'Hello', 'Text', coalesce(email, ''), '<' || $1::uuid || '@outrider.example>', $4::message_status, $5,
         case when $4::message_status <> 'queued' then now() end
       from prospects where id = $2`,
      [id, prospectId, draft, status, followUp],
    );
    return id;
  }

  async social(prospectId: string, status: string): Promise<string> {
    const [id, draft] = [randomUUID(), randomUUID()];
    await this.query(
      `insert into social_drafts (id, social_profile_id, body, fingerprint, approved_fingerprint, status, recipient)
       select $1, id, 'Text', 'f', 'f', 'approved', profile_url from social_profiles where prospect_id = $2`,
      [draft, prospectId],
    );
    await this.query(
      `insert into social_messages (id, social_profile_id, draft_id, body, recipient, status)
       select $1, id, $3, 'Text', profile_url, $4::message_status from social_profiles where prospect_id = $2`,
      [id, prospectId, draft, status],
    );
    return id;
  }

  /** A running SEND job with the message as its one chunk. */
  async sendJob(messageId: string): Promise<string> {
    const id = randomUUID();
    await this.query(`insert into jobs (id, job_type, status, total_targets) values ($1, 'send', 'running', 1)`, [id]);
    await this.query(`insert into job_chunks (job_id, number, target_ids, first_ordinal, target_count) values ($1, 1, array[$2::uuid], 1, 1)`, [id, messageId]);
    await this.query(`update email_messages set job_id = $1, chunk = 1 where id = $2`, [id, messageId]);
    return id;
  }

  async stageOf(prospectId: string): Promise<string> {
    return (await this.find(prospectId)).stage;
  }

  async find(prospectId: string): Promise<ProspectRow> {
    return (await this.query<ProspectRow>('select * from prospects where id = $1', [prospectId]))[0]!;
  }

  /** In the order of their making. */
  messages(prospectId: string): Promise<MessageRow[]> {
    return this.query<MessageRow>(
      `select m.id, status, error from email_messages m where prospect_id = $1
       union all select m.id, status, error from social_messages m join social_profiles s on s.id = m.social_profile_id where s.prospect_id = $1`,
      [prospectId],
    );
  }

  close(): Promise<void> {
    return this.bench.close();
  }
}
