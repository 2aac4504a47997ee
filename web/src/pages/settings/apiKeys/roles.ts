import type { Role } from '../../../graphql/graphql.ts';

/** What each role may do, the least first. */
export const roles: readonly { role: Role; says: string }[] = [
  { role: 'VIEWER', says: 'Reads everything but API keys and webhooks; changes nothing.' },
  { role: 'OPERATOR', says: 'Also runs the pipeline: prospects, drafts, jobs, sending, templates, saved filters, discovery, suppressions.' },
  { role: 'ADMIN', says: 'Also changes settings, API keys and webhooks, repairs the schema, erases people and lifts suppressions.' },
];
