import { useEffect, useRef, useState } from 'react';
import { useSubscription } from 'urql';
import { type Answer, useAnswer } from '../../api/useAnswer.ts';
import { DraftChangedDocument, DraftDocument, type DraftQuery, type DraftTextFragment } from '../../graphql/graphql.ts';

export type FullDraft = NonNullable<DraftQuery['draft']>;

/** What a person reads and may change. */
export type Text = { subject: string | null; body: string };

/** The text with the line breaks of a text field, so that only what somebody typed is a change. */
export function textOf({ subject, body }: Text): Text {
  return { subject, body: body.replace(/\r\n?/g, '\n') };
}

export function isSameText(one: Text, other: Text): boolean {
  return one.subject === other.subject && one.body === other.body;
}

type Reading = {
  answer: Answer<FullDraft>;
  /** as the server has it at this moment */
  latest: FullDraft | undefined;
  /** as it is being read: a text that changes meanwhile does not take its place by itself */
  read: FullDraft | undefined;
  /** whether another text, or another recipient, has taken the place of what is being read */
  isChanged: boolean;
  /** goes on with this text, or with the latest */
  readOn: (text?: DraftTextFragment) => void;
};

/** Reads one draft and follows it. Mount it anew for another one. */
export function useDraft(id: string): Reading {
  const answer = useAnswer(DraftDocument, { id }, ({ draft }) => draft);
  // What it tells goes into the cache, and from there into the answer; it tells of the new text, not of the earlier ones.
  useSubscription({ query: DraftChangedDocument, variables: { id } });
  const { again } = answer;
  const readAgain = useRef(again);
  readAgain.current = again;
  const version = answer.value?.version;
  const versionBefore = useRef(version);
  useEffect(() => {
    if (versionBefore.current !== undefined && versionBefore.current !== version) readAgain.current();
    versionBefore.current = version;
  }, [version]);
  const [kept, keep] = useState<DraftTextFragment | undefined>();
  const latest = answer.value;
  // What the cache still had is not what is being read: the server's answer is.
  const isSettled = useRef(false);
  if (latest && !answer.stale) isSettled.current = true;
  const base = isSettled.current ? kept : undefined;
  if (latest && isSettled.current && !kept) keep(latest);
  const isChanged = latest !== undefined && base !== undefined && (latest.fingerprint !== base.fingerprint || latest.version !== base.version);
  const { subject, body, fingerprint, recipient, problems } = base ?? {};
  return {
    answer,
    latest,
    read: isChanged ? ({ ...latest, subject, body, version: base.version, fingerprint, recipient, problems } as FullDraft) : latest,
    isChanged,
    readOn: (text = latest) => keep(text),
  };
}
