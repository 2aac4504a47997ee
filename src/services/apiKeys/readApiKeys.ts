import { type Kysely, sql } from 'kysely';
import type { Role } from '../../domain/enums.ts';

export interface ListedApiKey {
  /** uuid */
  id: string;
  name: string;
  role: Role;
  createdAt: Date;
  /** to about a minute; null for never */
  lastUsedAt: Date | null;
  expiresAt: Date | null;
  revokedAt: Date | null;
}

/** All API keys, those that have ended too, newest first; never their hashes. */
export async function readApiKeys(db: Kysely<any>): Promise<ListedApiKey[]> {
  const { rows } = await sql<{ [Name in keyof ListedApiKey]: ListedApiKey[Name] extends Date | null ? string | Date | null : ListedApiKey[Name] }>`
    select id, name, role, created_at as "createdAt", last_used_at as "lastUsedAt", expires_at as "expiresAt", revoked_at as "revokedAt"
    from api_keys order by created_at desc, id desc`.execute(db);
  const dateOf = (value: string | Date | null) => (value === null ? null : new Date(value));
  return rows.map((row) => ({
    ...row, createdAt: new Date(row.createdAt as string), lastUsedAt: dateOf(row.lastUsedAt), expiresAt: dateOf(row.expiresAt), revokedAt: dateOf(row.revokedAt),
  }));
}
