import type { MessageQuery } from '../../graphql/graphql.ts';

/** The message that is shown beside the list, with what it belongs to. */
export type OpenMessage = Extract<NonNullable<MessageQuery['node']>, { __typename: 'Message' }>;
