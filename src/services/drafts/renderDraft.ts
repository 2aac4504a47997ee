import { v7 as uuidv7 } from 'uuid';
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

/** Never throws on account of a target: what goes wrong with one is its outcome. */
export function renderDraft(channel: Channel, template: DraftTemplate, { ordinal, targetId, row }: DraftTarget): RenderedDraft | RefusedTarget {
  const obstacle = row ? row.obstacle : 'DELETED';
  if (!row || obstacle) {
    return { ordinal, targetId, outcome: TargetOutcome.SKIPPED, code: obstacle!, message: obstacles[obstacle!]! };
  }
  try {
    const scope = toScope(row.prospect_id, row.fields);
    const subject = template.renderSubject(scope);
    const body = template.renderBody(scope);
    const { recipient, platform } = row;
    return {
      ordinal,
      targetId,
      draftId: uuidv7(),
      readAt: row.read_at,
      subject,
      body,
      fingerprint: draftFingerprint({ channel, recipient, subject, body }),
      recipient,
      problems: lintDraft({ channel, platform, subject, body }),
    };
  } catch (error) {
    if (error instanceof TemplateFailure) {
      const { code, message } = error.failure;
      return { ordinal, targetId, outcome: TargetOutcome.FAILED, code, message };
    }
    throw error;
  }
}
