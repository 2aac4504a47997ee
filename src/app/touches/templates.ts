import type { Needs } from './needs.ts';
import { activity } from './parts.ts';

const filter: Needs = { tables: { saved_filters: { select: 'id name', insert: 'id name filter created_by', update: 'filter', upsert: true } }, objects: ['saved_filters#saved_filters_name'] };

/** Of operations on templates and saved filters. */
export const templateTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.createTemplate': [activity, {
    tables: { templates: { select: 'id name', insert: 'id name channel subject body created_by', upsert: true } },
    objects: ['channel', 'channel=email', 'templates#templates_name'],
  }],
  'Mutation.updateTemplate': [activity, { tables: { templates: { select: 'id name channel subject body updated_at', update: 'name subject body' } } }],
  'Mutation.deleteTemplate': [activity, { tables: { templates: { select: 'id', delete: true } } }],
  'Mutation.saveFilter': [activity, filter],
  'Mutation.deleteSavedFilter': [activity, { tables: { saved_filters: { select: 'id', delete: true } } }],
};
