import { UserErrorCode, UserErrors } from '../../domain/errors.ts';

/** The fields of a prospect that a file can give. */
export const fields = [
  'sourceType',
  'sourcePlatform',
  'profileUrl',
  'username',
  'displayName',
  'email',
  'bioText',
  'externalLinks',
  'followerCount',
  'engagementRate',
  'tags',
  'scrapedAt',
] as const;
export type Field = (typeof fields)[number];

/** A file's column → the field that it gives. */
export type Mapping = { readonly [column: string]: Field };

export interface Column {
  name: string;
  field: Field;
  /** 0-based position in the record */
  index: number;
}

/** Names that other tools give their columns, in the form that `fold` makes of them. */
const aliases: { readonly [folded: string]: Field } = {
  platform: 'sourcePlatform',
  url: 'profileUrl',
  website: 'profileUrl',
  link: 'profileUrl',
  profile: 'profileUrl',
  handle: 'username',
  user: 'username',
  name: 'displayName',
  fullname: 'displayName',
  mail: 'email',
  emailaddress: 'email',
  bio: 'bioText',
  description: 'bioText',
  links: 'externalLinks',
  followers: 'followerCount',
};

const folded = new Map<string, Field>([...Object.entries(aliases), ...fields.map((field): [string, Field] => [fold(field), field])]);

/**
 * A mapping as a user wrote it.
 * @throws {UserErrors} INVALID, naming what is not a field
 */
export function parseMapping(mapping: unknown): Mapping {
  if (mapping == null) return {};
  if (typeof mapping !== 'object' || Array.isArray(mapping)) {
    throw invalid('The mapping is an object: {"column of the file": "field of a prospect"}.');
  }
  for (const [column, field] of Object.entries(mapping)) {
    if (!fields.includes(field as Field)) {
      throw invalid(`The mapping gives "${column}" to ${JSON.stringify(field)}, which is none of ${fields.join(', ')}.`);
    }
  }
  return mapping as Mapping;
}

/** The field that a column gives: what the mapping says, else its name however it is spelt (display_name, Display Name); null: ignored. */
export function fieldOf(column: string, mapping: Mapping): Field | null {
  return (Object.hasOwn(mapping, column) ? mapping[column] : folded.get(fold(column))) ?? null;
}

/**
 * What each column of a header gives.
 * @throws {UserErrors} INVALID, naming what is missing or doubled, before a row is read
 */
export function readHeader(header: readonly string[], mapping: Mapping): Column[] {
  const unknown = Object.keys(mapping).find((column) => !header.includes(column));
  if (unknown !== undefined) throw invalid(`The mapping names the column "${unknown}", which the file does not have.`);
  const columns = header.flatMap((name, index): Column[] => {
    const field = fieldOf(name, mapping);
    return field ? [{ name, field, index }] : [];
  });
  const given = columns.map(({ field }) => field);
  const doubled = columns.find(({ field }, index) => given.indexOf(field) !== index);
  if (doubled) {
    const names = columns.filter(({ field }) => field === doubled.field).map(({ name }) => `"${name}"`);
    throw invalid(`The columns ${names.join(' and ')} both give ${doubled.field}; rename one or give a mapping.`);
  }
  const missing = [
    ...(given.includes('displayName') || given.includes('username') ? [] : ['display_name']),
    ...(given.includes('profileUrl') || given.includes('username') || given.includes('email')
      ? []
      : ['profile_url, username or email']),
  ];
  if (missing.length > 0) {
    throw invalid(`The file has no column ${missing.join(', and none of ')}; its columns are ${header.join(', ')}. Give a mapping if they have other names.`);
  }
  return columns;
}

export function invalid(message: string): UserErrors {
  return new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input'] });
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
