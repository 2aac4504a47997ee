import type { InboundMessage } from '../entities/InboundMessage.ts';
import { expression, properties, type ReadModel } from './readModel.ts';

const table = 'inbound_messages';

export const inboundMessages: ReadModel<'CREATED_AT'> = {
  type: 'InboundMessage',
  sources: [
    {
      table,
      from: 'inbound_messages t',
      key: 't.id',
      fields: {
        ...properties<InboundMessage>(table, 'kind', 'sender', 'subject', 'excerpt', 'details', 'source', 'receivedAt', 'createdAt'),
        message: expression(table, 't.email_message_id', 'email_message_id'),
        prospect: expression(table, 't.prospect_id', 'prospect_id'),
      },
    },
  ],
  orders: { CREATED_AT: { sql: 't.created_at', type: 'timestamptz', columns: ['created_at'] } },
};
