import { newId } from '../../domain/newId.ts';
import { TargetOutcome, type Channel, type Platform } from '../../domain/enums.ts';
import { draftFingerprint } from '../../domain/fingerprint.ts';
import { TemplateFailure, type TemplateScope } from './compileTemplate.ts';
import type { DraftTemplate } from './draftTemplate.ts';
import { obstacles } from './draftChannel.ts';
import { lintDraft } from './lintDraft.ts';
import { toScope } from './prospectFields.ts';

/** A target as it stands in the database; null where it is gone. */
export interface TargetRow {
  id: string;
  prospect_id: string;
  /** `updated_at` as text: the version that was read */
  read_at: string;
  recipient: string | null;
  /** of the profile; null on the e-mail channel */
  platform: Platform | null;
  obstacle: string | null;
  /** of the thread that a follow-up continues */
  subject?: string | null;
  fields: TemplateScope;
}

export interface RenderedDraft {
  ordinal: number;
  targetId: string;
  draftId: string;
  readAt: string;
  subject: string | null;
  body: string;
  fingerprint: string;
  recipient: string | null;
  problems: string[];
}

/** A target that gets no draft. */
export interface RefusedTarget {
  ordinal: number;
  targetId: string;
  outcome: TargetOutcome.SKIPPED | TargetOutcome.FAILED;
  code: string;
  message: string;
}

export interface DraftTarget {
  ordinal: number;
  targetId: string;
  row: TargetRow | undefined;
}

export interface DraftTexts {
  /** null where there is none */
  subject: string | null;
  body: string;
}

/** Never throws on account of a target: what goes wrong with one is its outcome. */
export function renderDraft(channel: Channel, template: DraftTemplate, target: DraftTarget): RenderedDraft | RefusedTarget {
  const rendered = renderTexts(template, target);
  return 'row' in rendered ? toDraft(channel, target, rendered) : rendered;
}

/** The texts of the template for a target that may get a draft. A follow-up has its subject from the thread. */
export function renderTexts(template: DraftTemplate, target: DraftTarget): (DraftTexts & { row: TargetRow }) | RefusedTarget {
  const { row } = target;
  if (!row) return skip(target, 'DELETED');
  if (row.obstacle) return skip(target, row.obstacle);
  try {
    const scope = toScope(row.prospect_id, row.fields);
    return { row, subject: row.subject ?? template.renderSubject(scope), body: template.renderBody(scope) };
  } catch (error) {
    if (error instanceof TemplateFailure) return fail(target, error.failure);
    throw error;
  }
}

export function toDraft(channel: Channel, { ordinal, targetId }: DraftTarget, { row, subject, body }: DraftTexts & { row: TargetRow }): RenderedDraft {
  const { recipient, platform } = row;
  return {
    ordinal,
    targetId,
    draftId: newId(),
    readAt: row.read_at,
    subject,
    body,
    fingerprint: draftFingerprint({ channel, recipient, subject, body }),
    recipient,
    problems: lintDraft({ channel, platform, subject, body }),
  };
}

function skip({ ordinal, targetId }: DraftTarget, code: string): RefusedTarget {
  return { ordinal, targetId, outcome: TargetOutcome.SKIPPED, code, message: obstacles[code]! };
}

export function fail({ ordinal, targetId }: DraftTarget, { code, message }: { code: string; message: string }): RefusedTarget {
  return { ordinal, targetId, outcome: TargetOutcome.FAILED, code, message };
}
