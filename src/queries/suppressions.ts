import type { Suppression } from '../entities/Suppression.ts';
import { properties, type ReadModel } from './readModel.ts';

/** Never their hashes: who has a key could try addresses against them. */
export const suppressions: ReadModel<'CREATED_AT'> = {
  type: 'Suppression',
  sources: [
    {
      table: 'suppressions',
      from: 'suppressions t',
      key: 't.id',
      fields: properties<Suppression>('suppressions', 'kind', 'reason', 'createdBy', 'createdAt'),
    },
  ],
  orders: { CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] } },
};
