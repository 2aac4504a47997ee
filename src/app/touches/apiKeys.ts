import type { Needs } from './needs.ts';
import { activity } from './parts.ts';

/** Of operations on API keys. */
export const apiKeyTouches: Readonly<Record<string, readonly Needs[]>> = {
  'Mutation.createApiKey': [activity, { tables: { api_keys: { insert: 'id name role hash expires_at' } }, objects: ['role'] }],
  'Mutation.revokeApiKey': [activity, { tables: { api_keys: { select: 'id revoked_at', update: 'revoked_at', lock: true } } }],
};
