import { stopsOperations, type Finding } from './finding.ts';

interface Consequence {
  /** a sentence for people */
  says: string;
  /** it is written with ON CONFLICT, which fails without the primary key */
  needsKey?: true;
}

/** What it means that a table cannot be used whose statements no operation of GraphQL runs by itself. */
const consequences: Readonly<Record<string, Consequence>> = {
  rate_limits: { says: 'Each server keeps the rate of each key by itself, and a language model, whose rate and cost nobody could bound, writes nothing.', needsKey: true },
  api_keys: { says: 'API keys that were used within the last five minutes go on for that long, no others; OUTRIDER_TOKEN and JWTs are let in.' },
  mailboxes: { says: 'Answers stay in the mailbox, unread, and cancel nothing that waits to be sent.' },
  webhooks: { says: 'No webhook is told of anything.' },
  webhook_deliveries: { says: 'No webhook is told of anything.' },
};

/** Says beside the difference itself what it does to people, where no operation would show it. */
export function withConsequence(finding: Finding): Finding {
  const consequence = consequences[finding.table ?? ''];
  if (!consequence) return finding;
  const isFelt = stopsOperations(finding) || (consequence.needsKey === true && finding.kind === 'PRIMARY_KEY');
  return isFelt ? { ...finding, message: `${finding.message} ${consequence.says}` } : finding;
}
