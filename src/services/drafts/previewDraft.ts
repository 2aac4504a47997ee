import { sql, type Kysely } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { OutriderError, UserErrors } from '../../domain/errors.ts';
import { TemplateFailure, type TemplateScope } from './compileTemplate.ts';
import type { ServiceContext } from '../context.ts';
import { draftChannels, obstacles } from './draftChannel.ts';
import { compileDraftTemplate } from './draftTemplate.ts';
import { chooseTemplate, type TemplateChoice } from './chooseTemplate.ts';
import { lintDraft } from './lintDraft.ts';
import { toScope } from './prospectFields.ts';
import type { TargetRow } from './renderDraft.ts';

export interface PreviewDraft extends TemplateChoice {
  channel?: Channel;
  /** uuid */
  prospectId: string;
}

export interface DraftPreview {
  /** null on the social channel, and when it cannot be rendered */
  subject: string | null;
  body: string;
  /** variables without a value; in the text they stand in brackets */
  missing: string[];
  problems: string[];
}

/** More variables than this in one template are not looked for one by one. */
const missingLimit = 20;

/**
 * Renders a draft as a job would, and saves nothing.
 * @throws {OutriderError} NOT_FOUND
 */
export async function previewDraft({ em }: ServiceContext, input: PreviewDraft): Promise<DraftPreview> {
  const channel = input.channel ?? Channel.EMAIL;
  const db = em.getKysely() as Kysely<any>;
  try {
    const template = compileDraftTemplate(await chooseTemplate(db, channel, input));
    const row = await readTarget(db, channel, input.prospectId, template.variables);
    const scope = toScope(row.prospect_id, row.fields);
    const missing = new Set<string>();
    const problems = new Set<string>(row.obstacle ? [obstacles[row.obstacle]!] : []);
    const subject = render(() => template.renderSubject(scope), scope, missing, problems);
    const body = render(() => template.renderBody(scope), scope, missing, problems) ?? '';
    const filled = (text: string) => [...missing].reduce((result, variable) => result.replaceAll(placeholder(variable), variable), text);
    const linted = { channel, platform: row.platform, subject: subject && filled(subject), body: filled(body) };
    lintDraft(linted).forEach((problem) => problems.add(problem));
    return { subject, body, missing: [...missing], problems: [...problems] };
  } catch (error) {
    if (error instanceof UserErrors) {
      return { subject: null, body: '', missing: [], problems: error.errors.map(({ message }) => message) };
    }
    throw error;
  }
}

/** Renders again with a placeholder for each variable that turns out to be missing; problems of the rest are told. */
function render(attempt: () => string | null, scope: TemplateScope, missing: Set<string>, problems: Set<string>): string | null {
  for (let tries = 0; tries <= missingLimit; tries += 1) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof TemplateFailure)) {
        throw error;
      }
      const { variable, message } = error.failure;
      problems.add(message);
      if (variable === undefined) {
        return null;
      }
      missing.add(variable);
      putPlaceholder(scope, variable);
    }
  }
  return null;
}

function putPlaceholder(scope: TemplateScope, path: string): void {
  const parts = path.split('.');
  const last = parts.pop()!;
  let owner = scope;
  for (const part of parts) {
    owner = (owner[part] ??= {}) as TemplateScope;
  }
  owner[last] = placeholder(path);
}

const placeholder = (path: string): string => `[${path}]`;

async function readTarget(db: Kysely<any>, channel: Channel, prospectId: string, variables: ReadonlySet<string>): Promise<TargetRow> {
  const profile = sql`(select s.id from social_profiles as s where s.prospect_id = p.id order by s.created_at, s.id limit 1)`;
  const target = channel === Channel.SOCIAL ? sql`coalesce(${profile}, p.id)` : sql`p.id`;
  const { rows: targets } = await sql<{ id: string }>`select ${target} as id from prospects as p where p.id = ${prospectId}::uuid`.execute(db);
  const { rows } = targets[0] ? await draftChannels[channel].read([targets[0].id], variables).execute(db) : { rows: [] };
  const [row] = rows as TargetRow[];
  if (!row) {
    const message = targets[0] ? 'The prospect has no social profile.' : 'There is no such prospect.';
    throw new OutriderError('NOT_FOUND', message);
  }
  return row;
}
