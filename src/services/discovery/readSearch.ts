import { z } from 'zod';
import type { Outreach } from '../../config/outreach.ts';
import type { PlatformAdapter } from '../../discovery/adapter.ts';
import { adapterOf } from '../../discovery/adapters.ts';
import { Platform } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { textProblem, textProblemWithin } from '../../domain/text.ts';

/** Characters of a query in words; one that names sites may have the length of a thousand URLs. */
const longestQuery = { words: 2_000, sites: 2_100_000 };
const mostProspects = 10_000;
const mostFilterCharacters = 20_000;

/** What a search is about, for those who read it later; a platform whose filters have one of these uses it, too. */
const intent = z.object({
  searchIntent: z.string().trim().max(2_000).optional(),
  targetAudience: z.string().trim().max(2_000).optional(),
  location: z.string().trim().max(500).optional(),
  language: z.string().trim().max(500).optional(),
  minFollowers: z.number().int().min(0).max(2_147_483_647).optional(),
});

export interface SearchInput {
  platform: Platform;
  query: string;
  filters?: unknown;
  limit?: number | null;
}

/** A search that can be done. */
export interface CheckedSearch {
  adapter: PlatformAdapter;
  query: string;
  intent: z.infer<typeof intent>;
  /** as given, the intent included: what makes the search the same when it is run again */
  given: { [name: string]: unknown };
  limit: number;
}

/** @throws {UserErrors} UNSUPPORTED, NOT_CONFIGURED, INVALID with what the platform understands */
export function readSearch(input: SearchInput, outreach: Outreach): CheckedSearch {
  const adapter = adapterOf(input.platform);
  if (!adapter) throw unsupported(input.platform);
  const query = input.query.trim();
  const longest = adapter.targets ? longestQuery.sites : longestQuery.words;
  if (query === '') throw invalid('A search needs a query.', 'query');
  if (query.length > longest) throw invalid(`The query is longer than ${longest.toLocaleString('en')} characters.`, 'query');
  const problem = textProblem(query);
  if (problem) throw invalid(`The query ${problem}.`, 'query');
  const limit = input.limit ?? 100;
  if (!Number.isInteger(limit) || limit < 1 || limit > mostProspects) throw invalid('The limit is 1 to 10,000 prospects.', 'limit');
  const { given, own, intent: meant } = readFilters(adapter, input.filters ?? {});
  const refused = adapter.check?.({ query, filters: own }, outreach);
  if (refused) throw new UserErrors(refused);
  return { adapter, query, intent: meant, given, limit };
}

/** The filters that a platform's adapter is given, of those that a search has. @throws {UserErrors} INVALID */
export function filtersOf(adapter: PlatformAdapter, given: { [name: string]: unknown }): unknown {
  const { searchIntent: _, targetAudience: __, ...own } = given;
  const parsed = adapter.filters.safeParse(own);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  const spell = adapter.platform.toUpperCase();
  throw invalid(`${where}${issue?.message ?? 'It cannot be read.'} A search on ${spell} understands ${adapter.understands}; searchIntent and targetAudience are kept with any search.`, 'filters');
}

function readFilters(adapter: PlatformAdapter, filters: unknown): { given: CheckedSearch['given']; own: unknown; intent: CheckedSearch['intent'] } {
  if (typeof filters !== 'object' || filters === null || Array.isArray(filters)) throw invalid('The filters are an object, such as {"language": "de"}.', 'filters');
  const text = JSON.stringify(filters);
  if (text.length > mostFilterCharacters) throw invalid(`The filters are longer than ${mostFilterCharacters.toLocaleString('en')} characters.`, 'filters');
  const unkept = textProblemWithin(filters);
  if (unkept) throw invalid(`The filters hold a text that ${unkept}.`, 'filters');
  const given = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null));
  const meant = intent.safeParse(given);
  if (!meant.success) {
    const [issue] = meant.error.issues;
    throw invalid(`${issue?.path.join('.')}: ${issue?.message}.`, 'filters');
  }
  return { given, own: filtersOf(adapter, given), intent: meant.data };
}

const names: Partial<Record<Platform, string>> = {
  [Platform.LINKEDIN]: 'LinkedIn', [Platform.INSTAGRAM]: 'Instagram', [Platform.FACEBOOK]: 'Facebook', [Platform.TIKTOK]: 'TikTok',
  [Platform.X]: 'X', [Platform.YOUTUBE]: 'YouTube', [Platform.GITLAB]: 'GitLab', [Platform.OTHER]: 'Another platform',
};

function unsupported(platform: Platform): UserErrors {
  const name = names[platform] ?? platform.toUpperCase();
  return new UserErrors({
    code: UserErrorCode.UNSUPPORTED,
    message: `${name} has no open door for searching: import what it or another tool exports (importProspects, or POST /import), as CSV or NDJSON.`,
    field: ['input', 'platform'],
  });
}

function invalid(message: string, field: string): UserErrors {
  return new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input', field] });
}
