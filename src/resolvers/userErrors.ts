import { UserErrorCode, UserErrors, type UserError } from '../domain/errors.ts';
import { uuidOf, type NodeType } from '../domain/globalId.ts';
import { filterByUuids } from '../queries/filters.ts';
import type { Context } from './context.ts';

/** Runs a service; its expected failures become data, and everything else is thrown. */
export async function withUserErrors<Result>(run: () => Promise<Result>): Promise<{ result: Result | null; userErrors: readonly UserError[] }> {
  try {
    return { result: await run(), userErrors: [] };
  } catch (error) {
    if (error instanceof UserErrors) return { result: null, userErrors: error.errors };
    throw error;
  }
}

/** What a mutation of one entity answers before the entity is read. */
export interface EntityAnswer {
  /** uuid; null when there is none to show */
  key: string | null;
  userErrors: readonly UserError[];
}

/** Runs a service that answers the uuid of what it wrote, and forgets what was loaded before. */
export async function answerEntity(context: Context, run: () => Promise<string | null>): Promise<EntityAnswer> {
  const { result, userErrors } = await withUserErrors(run);
  context.refresh();
  return { key: result, userErrors };
}

/** What services call them: an id that can name nothing is answered by the sentence for one that names nothing. */
const words: Readonly<Record<NodeType, string>> = {
  Prospect: 'prospect', SocialProfile: 'profile', Draft: 'draft', Message: 'message', Job: 'job', JobFailure: 'failure', Template: 'template', SavedFilter: 'saved filter', ApiKey: 'API key',
  Webhook: 'webhook', WebhookDelivery: 'delivery', Activity: 'activity', Suppression: 'suppression', InboundMessage: 'message', DiscoveryQuery: 'search', ScraperRequest: 'request',
};

/** The uuid of an id in a mutation's input. @throws {UserErrors} NOT_FOUND, as for one that names nothing */
export function requireUuid(type: NodeType, id: string, ...field: string[]): string {
  const uuid = uuidOf(type, id);
  if (uuid === null) {
    throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: `There is no such ${words[type]}.`, field: ['input', ...field] });
  }
  return uuid;
}

/** The same of an id that need not be given; an empty text is one that is given, and names nothing. */
export function optionalUuid(type: NodeType, id: string | null | undefined, ...field: string[]): string | null {
  return id == null ? null : requireUuid(type, id, ...field);
}

/** The uuids of a list of ids, each with its place in the input. */
export function requireUuids(type: NodeType, ids: readonly string[], field: string): string[] {
  const maximum = 1_000;
  if (ids.length > maximum) {
    throw new UserErrors({ code: UserErrorCode.INVALID, message: `Give ${maximum} ids at most.`, field: ['input', field] });
  }
  return ids.map((id, index) => requireUuid(type, id, field, String(index)));
}

/** A filter as services take it. @throws {UserErrors} NOT_FOUND when an id in it names nothing */
export function requireFilter(filter: Parameters<typeof filterByUuids>[0]): NonNullable<ReturnType<typeof filterByUuids>> {
  const internal = filterByUuids(filter);
  if (internal === null) {
    throw new UserErrors({ code: UserErrorCode.NOT_FOUND, message: 'The filter names a job or a batch that does not exist.', field: ['input', 'filter'] });
  }
  return internal;
}
