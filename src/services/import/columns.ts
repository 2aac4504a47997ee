import type { Platform } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors } from '../../domain/errors.ts';
import { fold, namesOf, rivals, sites } from './columnNames.ts';
import { type Field, fields } from './fields.ts';
import { presetFor } from './presets.ts';

/** A file's column → the field that it gives. */
export type Mapping = { readonly [column: string]: Field };

export interface Column {
  name: string;
  /** 0-based position in the record */
  index: number;
}

/** What the columns of a record give. */
export interface Columns {
  /** by preference: the first one that is not empty in a row counts, and of lists all of them */
  of: ReadonlyMap<Field, readonly Column[]>;
  /** what every row of the tool's file is about, where no column says it */
  platform: Platform | undefined;
  /** it is certain which column identifies a row */
  certain: boolean;
}

/** Fields of many values: several columns add up. */
const lists: ReadonlySet<Field> = new Set<Field>(['externalLinks', 'tags']);

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
      throw invalid(`The mapping gives ${named([column])} to ${shortened(JSON.stringify(field))}, which is none of ${fields.join(', ')}.`);
    }
  }
  return mapping as Mapping;
}

/**
 * The columns of each field: what the mapping says; else what they are in an export of the tool that their names give
 * away; else by their names, however they are spelt (display_name, Display Name). Others are ignored.
 */
export function readColumns(header: readonly string[], mapping: Mapping): Columns {
  const columns = header.map((name, index): Column => ({ name, index }));
  const mapped = new Set(Object.values(mapping));
  const byName = Map.groupBy(
    columns.filter(({ name }) => !Object.hasOwn(mapping, name)),
    ({ name }) => fold(name),
  );
  const preset = presetFor(byName);
  const of = new Map<Field, Column[]>();
  for (const field of fields) {
    const chosen = mapped.has(field)
      ? columns.filter(({ name }) => Object.hasOwn(mapping, name) && mapping[name] === field)
      : (preset.names[field] ?? namesOf(field)).flatMap((name) => byName.get(name) ?? []);
    if (chosen.length > 0) of.set(field, chosen);
  }
  const certain = mapped.has('profileUrl') || preset.names.profileUrl !== undefined;
  if (!certain) tellPeopleFromSites(of);
  return { of, platform: preset.platform, certain };
}

/** In a list of people a website is their employer's: it identifies a row only where nothing else does. */
function tellPeopleFromSites(of: Map<Field, Column[]>): void {
  const ofPeople = of.has('firstName') || (of.has('displayName') && of.has('organisation'));
  const urls = of.get('profileUrl');
  if (!ofPeople || !urls) return;
  const isSite = ({ name }: Column) => sites.includes(fold(name));
  of.set('website', [...(of.get('website') ?? []), ...urls.filter(isSite)]);
  of.set('profileUrl', urls.filter((column) => !isSite(column)));
}

/**
 * What the columns of a CSV header give.
 * @throws {UserErrors} INVALID, naming what is missing or doubled, before a row is read
 */
export function readHeader(header: readonly string[], mapping: Mapping): Columns {
  const unknown = Object.keys(mapping).find((column) => !header.includes(column));
  if (unknown !== undefined) throw invalid(`The mapping names the column ${named([unknown])}, which the file does not have.`);
  const columns = readColumns(header, mapping);
  for (const [field, given] of columns.of) {
    const doubled = lists.has(field) ? [] : doublesIn(given, { mapping, rivalling: field === 'profileUrl' && !columns.certain });
    if (doubled.length < 2) continue;
    throw invalid(`The columns ${named(doubled.map(({ name }) => name), ' and ')} ${doubled.length > 2 ? 'all' : 'both'} give ${field}; rename ${doubled.length > 2 ? 'all but one' : 'one'} or give a mapping.`);
  }
  const missing = missingIn(columns);
  if (missing.length > 0) {
    throw invalid(`The file has no column ${missing.join(', and none of ')}; its columns are ${listed(header.map(shortened), ', ')}. Give a mapping if they have other names.`);
  }
  return columns;
}

/** Columns of which nobody can tell which one counts; those of a list in a cell each (`emails/0`) have their order. */
function doublesIn(columns: readonly Column[], { mapping, rivalling }: { mapping: Mapping; rivalling: boolean }): readonly Column[] {
  const first = columns[0];
  if (!first) return [];
  if (Object.hasOwn(mapping, first.name)) return columns;
  const name = fold(first.name);
  const isRival = rivalling && rivals.has(name) ? (other: string) => rivals.has(other) : (other: string) => other === name;
  const same = columns.filter((column) => isRival(fold(column.name)));
  return same.filter((column) => !/[/.]\d/.test(column.name));
}

function missingIn({ of }: Columns): string[] {
  const has = (...given: Field[]) => given.some((field) => (of.get(field)?.length ?? 0) > 0);
  return [
    ...(has('displayName', 'firstName', 'lastName', 'organisation', 'username') ? [] : ['display_name']),
    ...(has('profileUrl', 'username', 'email', 'website') ? [] : ['profile_url, username or email']),
  ];
}

/** Names of columns that a message has at most, and characters of each: somebody reads it. */
const mostNamed = 20;
const longestName = 60;

const shortened = (name: string): string => (name.length > longestName ? `${name.slice(0, longestName).toWellFormed()}…` : name);

function listed(names: readonly string[], separator: string): string {
  return names.length > mostNamed ? `${names.slice(0, mostNamed).join(separator)} and ${names.length - mostNamed} more` : names.join(separator);
}

const named = (names: readonly string[], separator = ', '): string => listed(names.map((name) => `"${shortened(name)}"`), separator);

export function invalid(message: string): UserErrors {
  return new UserErrors({ code: UserErrorCode.INVALID, message, field: ['input'] });
}
