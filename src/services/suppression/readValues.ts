import { type Kysely, sql } from 'kysely';
import { SuppressionKind } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { invalid, readAddressee, type NamedAddressee, type SuppressedValue } from './suppressed.ts';

/** Somebody named by value, or a prospect of ours. */
export interface Named extends NamedAddressee {
  /** uuid: its e-mail address, its handles and its page */
  prospectId?: string | null;
}

/** The values that stand for whoever is named. @throws {UserErrors} INVALID, NOT_FOUND */
export async function readValues(db: Kysely<any>, { prospectId, ...named }: Named): Promise<SuppressedValue[]> {
  if (prospectId == null) return [readAddressee(named)];
  if (named.email != null || named.domain != null || named.handle != null) {
    throw invalid('Give exactly one of email, domain, prospectId and handle.');
  }
  return valuesOfProspect(db, prospectId);
}

/** By what a prospect would be known again: its address, its handles, its page. @throws {UserErrors} NOT_FOUND */
export async function valuesOfProspect(db: Kysely<any>, prospectId: string): Promise<SuppressedValue[]> {
  const { rows } = await sql<{ email: string | null; key: string; keys: string[] }>`
    select email, canonical_key as key, array(select social_profiles.canonical_key from social_profiles where social_profiles.prospect_id = prospects.id) as keys
    from prospects where id = ${prospectId}::uuid`.execute(db);
  if (!rows[0]) throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'There is no such prospect.', field: ['input', 'prospectId'] });
  const { email, key, keys } = rows[0];
  const pages = [...new Set([key, ...keys])].filter((page) => page !== email);
  return [
    ...(email === null ? [] : [{ kind: SuppressionKind.EMAIL, value: email }]),
    ...pages.map((value) => ({ kind: SuppressionKind.HANDLE, value })),
  ];
}
