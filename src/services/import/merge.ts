import { TargetOutcome } from '../../domain/enums.ts';
import { type ImportedProspect, withDefaults } from './row.ts';

const scalars = [
  'sourceType',
  'sourcePlatform',
  'profileUrl',
  'username',
  'displayName',
  'email',
  'bioText',
  'followerCount',
  'engagementRate',
  'scrapedAt',
] as const;

/** What is kept of a prospect, as far as an import or a discovery may write it. */
export interface StoredProspect extends Omit<ImportedProspect, 'profile'> {
  /** the discovery that brought it; null or absent for what users brought */
  discoveryQueryId?: string | null;
  /** a mail to its address came back because there is none */
  emailBounced?: boolean;
}

/** A user's row overwrites what is stored wherever it says something; what a discovery found only fills what is empty. */
export type Manner = 'overwrite' | 'fill';

/** The rows of one key in one batch, in the file's order. */
export interface RowsOfKey {
  /** the key's first row in the file; null when that stood in an earlier batch */
  first: ImportedProspect | null;
  repeats: ImportedProspect[];
}

export interface Merged {
  prospect: StoredProspect;
  /** anything differs from what is stored */
  changed: boolean;
  /** what became of the first row */
  outcome: TargetOutcome;
}

/**
 * The first row of a key is merged in its manner; its repeats only fill what is empty. Tags and links are added, never
 * removed. So a file that is imported again, and a search that is run again, changes nothing.
 */
export function merge(stored: StoredProspect | null, { first, repeats }: RowsOfKey, manner: Manner = 'overwrite'): Merged {
  let prospect = stored;
  let outcome = TargetOutcome.DUPLICATE;
  if (first) {
    const next = prospect ? update(prospect, first, manner) : create(first);
    outcome = prospect === null ? TargetOutcome.CREATED : next === prospect ? TargetOutcome.UNCHANGED : TargetOutcome.UPDATED;
    prospect = next;
  }
  for (const repeat of repeats) {
    prospect = prospect ? update(prospect, repeat, 'fill') : create(repeat);
  }
  if (!prospect) throw new Error('A key without rows.');
  return { prospect, changed: prospect !== stored, outcome };
}

function create({ profile: _, ...row }: ImportedProspect): StoredProspect {
  return { ...row, ...withDefaults(row as ImportedProspect) };
}

/** Returns `stored` itself when nothing differs. */
function update(stored: StoredProspect, row: ImportedProspect, manner: Manner): StoredProspect {
  const changed = scalars.filter(
    (field) => row[field] !== null && row[field] !== stored[field] && (manner === 'overwrite' || stored[field] === null),
  );
  const emailBlocked = changed.includes('email') ? row.emailBlocked : isBlocked(stored, row, manner);
  const tags = union(stored.tags, row.tags);
  const externalLinks = union(stored.externalLinks, row.externalLinks);
  if (changed.length === 0 && emailBlocked === stored.emailBlocked && tags === stored.tags && externalLinks === stored.externalLinks) return stored;
  return { ...stored, ...Object.fromEntries(changed.map((field) => [field, row[field]])), emailBlocked, tags, externalLinks };
}

/** An address that a user brings may be written to, unless it is dead; a mark against one is for what discoveries found. */
function isBlocked(stored: StoredProspect, row: ImportedProspect, manner: Manner): boolean {
  if (row.email === null || row.email !== stored.email || stored.emailBounced) return stored.emailBlocked;
  if (row.emailBlocked) return stored.emailBlocked || stored.discoveryQueryId != null;
  return manner === 'fill' && stored.emailBlocked;
}

function union(stored: string[], given: string[]): string[] {
  const added = given.filter((item) => !stored.includes(item));
  return added.length === 0 ? stored : [...stored, ...added];
}
