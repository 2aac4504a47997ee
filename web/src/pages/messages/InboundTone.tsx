import type { InboundKind } from '../../graphql/graphql.ts';
import { Tone, type ToneName } from '../../parts/Tone.tsx';

type Kind = { tone: ToneName; label: string; what: string };

/** What a mail that came in was taken for, and what follows from that. */
export const inboundTexts: Record<InboundKind, Kind> = {
  REPLY: { tone: 'good', label: 'Reply', what: 'A person answered. Nothing more is sent to them by itself.' },
  AUTO_REPLY: { tone: 'quiet', label: 'Auto reply', what: 'A machine answered. Nothing follows from it.' },
  BOUNCE: { tone: 'bad', label: 'Bounce', what: 'The message will never arrive.' },
  COMPLAINT: { tone: 'bad', label: 'Complaint', what: 'It was marked as spam: the address is suppressed.' },
  DELIVERY_REPORT: { tone: 'quiet', label: 'Delivery report', what: 'A delay, a delivery or a read receipt. Nothing follows from it.' },
  UNRELATED: { tone: 'quiet', label: 'Unrelated', what: 'It belongs to no message that was sent from here.' },
};

export function InboundTone({ kind }: { kind: InboundKind }) {
  const { tone, label } = inboundTexts[kind];
  return <Tone tone={tone}>{label}</Tone>;
}
