import { getNamedType, isInputObjectType } from 'graphql';
import { parseUrl } from '../../src/domain/url.ts';
import { EmailAddress } from '../../src/schema/emailAddress.ts';
import { UrlScalar } from '../../src/schema/url.ts';
import { entityOf, type Operation } from './places.ts';

const trimmed = (text: string) => text.trim();
const instant = (text: string) => new Date(text).toISOString();
const unique = (items: readonly unknown[]) => [...new Set(items)];
const withoutNulls = (object: object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

/** What says which of an entity is meant, and as it was read. */
const addresses = new Set(['id', 'updatedAt', 'version']);

/** What is documented to be made of a value before it is kept; anything else is kept as it was given. */
const normalised: Readonly<Record<string, (value: any) => unknown>> = {
  DateTime: instant,
  EmailAddress: (text: string) => EmailAddress.parseValue(text),
  URL: (text: string) => UrlScalar.parseValue(text),
};


/** The same of single fields, by the type that is read. */
const normalisedFields: Readonly<Record<string, (value: any) => unknown>> = {
  'Template.name': trimmed,
  'SavedFilter.name': trimmed,
  'ApiKey.name': trimmed,
  'SavedFilter.filter': ({ createdAfter, createdBefore, ...filter }) => ({
    ...withoutNulls(filter), ...(createdAfter && { createdAfter: instant(createdAfter) }), ...(createdBefore && { createdBefore: instant(createdBefore) }),
  }),
  'Prospect.displayName': trimmed,
  'Prospect.profileUrl': (text: string) => parseUrl(UrlScalar.parseValue(text)).href,
  'Prospect.bioText': (text: string) => text.trim() || null,
  'Prospect.username': (text: string) => text.trim().replace(/^@/, '') || null,
  'Prospect.tags': (tags: string[]) => unique(tags.map(trimmed).filter((tag) => tag !== '')),
  'Webhook.events': unique,
  'Draft.subject': (text: string) => text.replace(/\s+/g, ' ').trim(),
  'Draft.body': (text: string) => text.replace(/\r\n?/g, '\n'),
};

/** Pairs of what was given, as it should be kept, and what is read: one for each field of the input that the entity has, too. */
export function readBack(operation: Operation, input: Record<string, unknown>, payload: Record<string, any>): { field: string; kept: unknown; read: unknown }[] {
  const entity = entityOf(operation);
  const type = getNamedType(operation.field.args[0]!.type);
  const read = entity && payload[entity.field];
  if (!read || !isInputObjectType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => {
    const value = input[field.name];
    if (value == null || addresses.has(field.name) || !Object.hasOwn(read, field.name)) return [];
    const own = normalisedFields[`${entity.type}.${field.name}`] ?? normalised[getNamedType(field.type).name] ?? ((given: unknown) => given);
    return [{ field: field.name, kept: own(value), read: read[field.name] }];
  });
}
