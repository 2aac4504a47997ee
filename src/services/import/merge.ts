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

/** What is kept of a prospect, as far as an import may write it. */
export type StoredProspect = Omit<ImportedProspect, 'profile'>;

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
 * The first row of a key overwrites what is stored wherever it says something; its repeats only fill what is empty.
 * Tags and links are added, never removed. So a file that is imported again changes nothing.
 */
export function merge(stored: StoredProspect | null, { first, repeats }: RowsOfKey): Merged {
  let prospect = stored;
  let outcome = TargetOutcome.DUPLICATE;
  if (first) {
    const next = prospect ? overwrite(prospect, first) : create(first);
    outcome = prospect === null ? TargetOutcome.CREATED : next === prospect ? TargetOutcome.UNCHANGED : TargetOutcome.UPDATED;
    prospect = next;
  }
  for (const repeat of repeats) {
    prospect = prospect ? overwrite(prospect, repeat, 'empty only') : create(repeat);
  }
  if (!prospect) throw new Error('A key without rows.');
  return { prospect, changed: prospect !== stored, outcome };
}

function create({ profile: _, ...row }: ImportedProspect): StoredProspect {
  return { ...row, ...withDefaults(row as ImportedProspect) };
}

/** Returns `stored` itself when nothing differs. */
function overwrite(stored: StoredProspect, row: ImportedProspect, where?: 'empty only'): StoredProspect {
  const changed = scalars.filter(
    (field) => row[field] !== null && row[field] !== stored[field] && (where === undefined || stored[field] === null),
  );
  const tags = union(stored.tags, row.tags);
  const externalLinks = union(stored.externalLinks, row.externalLinks);
  if (changed.length === 0 && tags === stored.tags && externalLinks === stored.externalLinks) return stored;
  return { ...stored, ...Object.fromEntries(changed.map((field) => [field, row[field]])), tags, externalLinks };
}

function union(stored: string[], given: string[]): string[] {
  const added = given.filter((item) => !stored.includes(item));
  return added.length === 0 ? stored : [...stored, ...added];
}
