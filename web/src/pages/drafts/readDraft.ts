import type { Channel, DraftRowFragment, DraftStatus } from '../../graphql/graphql.ts';

/** A draft as it was read: what a decision is about, and what takes it back. */
export type ReadDraft = { id: string; name: string; channel: Channel; fingerprint: string; status: DraftStatus; reviewReason: string | null };

type Addressed = Pick<DraftRowFragment, 'id' | 'channel' | 'fingerprint' | 'status' | 'reviewReason'> & {
  prospect: { displayName: string } | null;
  socialProfile?: { username: string } | null;
  recipient?: string | null;
};

/** Whom a draft is for, as people call them. */
export function nameOf({ prospect, socialProfile, recipient }: Omit<Addressed, keyof ReadDraft>): string {
  return prospect?.displayName ?? socialProfile?.username ?? recipient ?? 'somebody unknown';
}

/** The draft as it stands on the screen at this moment. */
export function readDraft(draft: Addressed): ReadDraft {
  const { id, channel, fingerprint, status, reviewReason } = draft;
  return { id, channel, fingerprint, status, reviewReason, name: nameOf(draft) };
}
