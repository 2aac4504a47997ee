import { type Kysely, sql } from 'kysely';
import type { Outreach } from '../../config/outreach.ts';
import { SuppressionKind } from '../../domain/enums.ts';
import { domainsOf, secretKeyMissing, suppressionHashes } from '../../domain/suppressionHash.ts';

/** Whoever may have been suppressed. */
export interface Addressee {
  /** normalised */
  email?: string | null;
  /** canonical keys of their profiles and pages (`keyOfUrl`) */
  keys?: readonly string[];
  /** of their own website, in punycode */
  host?: string | null;
}

export interface SuppressionMatch {
  /** uuid of the suppression */
  id: string;
  kind: SuppressionKind;
  reason: string;
}

/**
 * Which of them must not be contacted: by their address, by its domain or one above it, or by a handle. A fixed number
 * of statements, whatever the number of addressees.
 *
 * @param known the kinds of suppressions that there are, where the caller has asked for them
 * @returns one entry for each, null where nothing is suppressed
 * @throws {UserErrors} NOT_CONFIGURED when there are suppressions and no SECRET_KEY to compare with
 */
export async function findSuppressed(
  db: Kysely<any>, { secretKeys }: Outreach, addressees: readonly Addressee[], known?: ReadonlySet<SuppressionKind>,
): Promise<(SuppressionMatch | null)[]> {
  const kinds = known ?? (await kindsInUse(db));
  if (addressees.length === 0 || kinds.size === 0) return addressees.map(() => null);
  if (secretKeys.length === 0) throw secretKeyMissing();
  const hashes = new Map<string, string[]>();
  const hashesOf = (kind: SuppressionKind, value: string): string[] => {
    const known = hashes.get(`${kind} ${value}`) ?? suppressionHashes(secretKeys, kind, value);
    hashes.set(`${kind} ${value}`, known);
    return known;
  };
  const wanted = addressees.map((addressee) => valuesOf(addressee).flatMap(([kind, value]) => (kinds.has(kind) ? hashesOf(kind, value) : [])));
  const { rows } = await sql<SuppressionMatch & { hash: string }>`
    select id, kind, hash, reason from suppressions where hash = any(${[...hashes.values()].flat()}::text[])
      and kind = any(${[...kinds]}::suppression_kind[])`.execute(db);
  const found = new Map(rows.map(({ hash, ...match }) => [hash, match]));
  return wanted.map((candidates) => candidates.map((hash) => found.get(hash)).find((match) => match !== undefined) ?? null);
}

/** The values by which somebody can be suppressed, the most particular first. */
function valuesOf({ email, keys = [], host }: Addressee): [SuppressionKind, string][] {
  const hosts = [email?.slice(email.lastIndexOf('@') + 1), host].filter((name) => name != null);
  return [
    ...(email ? [[SuppressionKind.EMAIL, email] as [SuppressionKind, string]] : []),
    ...keys.map((key): [SuppressionKind, string] => [SuppressionKind.HANDLE, key]),
    ...hosts.flatMap(domainsOf).map((domain): [SuppressionKind, string] => [SuppressionKind.DOMAIN, domain]),
  ];
}

/** Hashing is what a lookup costs; most tables hold no suppression of most kinds. */
export async function kindsInUse(db: Kysely<any>): Promise<Set<SuppressionKind>> {
  const { rows } = await sql<{ kind: SuppressionKind }>`
    select kind from unnest(${Object.values(SuppressionKind)}::suppression_kind[]) as known (kind)
    where exists (select from suppressions where suppressions.kind = known.kind)`.execute(db);
  return new Set(rows.map(({ kind }) => kind));
}
