import type { Needs } from './needs.ts';
import { activity } from './parts.ts';

export const readSettings: Needs = { tables: { settings: { select: 'key value updated_at updated_by' } } };

/** Of operations on settings. */
export const settingsTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Query.settings': [readSettings],
  'Mutation.updateSettings': [readSettings, activity, {
    tables: { settings: { insert: 'key value updated_at updated_by', update: 'value updated_at updated_by', upsert: true } },
    objects: ['settings#settings_pkey'],
  }],
};
