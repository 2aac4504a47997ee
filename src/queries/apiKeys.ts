import type { ApiKey } from '../entities/ApiKey.ts';
import { properties, type ReadModel } from './readModel.ts';

/** Never their hashes. */
export const apiKeys: ReadModel<'CREATED_AT'> = {
  type: 'ApiKey',
  sources: [
    {
      table: 'api_keys',
      from: 'api_keys t',
      key: 't.id',
      fields: properties<ApiKey>('api_keys', 'name', 'role', 'createdAt', 'expiresAt', 'revokedAt', 'lastUsedAt'),
    },
  ],
  orders: { CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] } },
};
