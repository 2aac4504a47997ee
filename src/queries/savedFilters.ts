import type { SavedFilter } from '../entities/SavedFilter.ts';
import { properties, type ReadModel } from './readModel.ts';

export const savedFilters: ReadModel<'NAME'> = {
  type: 'SavedFilter',
  sources: [
    {
      table: 'saved_filters',
      from: 'saved_filters t',
      key: 't.id',
      fields: properties<SavedFilter>('saved_filters', 'name', 'filter', 'createdBy', 'createdAt', 'updatedAt'),
    },
  ],
  orders: { NAME: { sql: 't.name', type: 'text', columns: ['name'] } },
};
