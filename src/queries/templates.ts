import type { Template } from '../entities/Template.ts';
import { properties, type ReadModel } from './readModel.ts';

export const templates: ReadModel<'NAME'> = {
  type: 'Template',
  sources: [
    {
      table: 'templates',
      from: 'templates t',
      key: 't.id',
      fields: properties<Template>('templates', 'name', 'channel', 'subject', 'body', 'createdBy', 'createdAt', 'updatedAt'),
    },
  ],
  orders: { NAME: { sql: 't.name', type: 'text', columns: ['name'] } },
};
