import { sql, type Kysely } from 'kysely';
import { Channel } from '../../domain/enums.ts';
import { OutriderError, UserErrors } from '../../domain/errors.ts';
import { TemplateFailure, type RenderFailure, type TemplateScope } from './compileTemplate.ts';
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
const missingLimit = 100;
/** Processor time of all renderings of one preview (ms): a server that renders answers nobody else. Its price is by this. */
const previewMs = 80;

/**
 * Renders a draft as a job would, in less time, and saves nothing.
 * @throws {OutriderError} NOT_FOUND
 */
export async function previewDraft({ em }: ServiceContext, input: PreviewDraft): Promise<DraftPreview> {
  const channel = input.channel ?? Channel.EMAIL;
  const db = em.getKysely() as Kysely<any>;
  try {
    const template = compileDraftTemplate(await chooseTemplate(db, channel, input));
    const row = await readTarget(db, channel, input.prospectId, template.variables);
    const scope = toScope(row.prospect_id, row.fields);
    const failures: RenderFailure[] = [];
    const leftMs = startBudget();
    const subject = render(() => template.renderSubject(scope, leftMs()), scope, failures);
    const body = render(() => template.renderBody(scope, leftMs()), scope, failures) ?? '';
    const told = failures.filter((failure) => !isOnTheWay(failure, failures, `${subject} ${body}`));
    const missing = told.flatMap(({ variable }) => variable ?? []);
    const filled = (text: string) => missing.reduce((result, variable) => result.replaceAll(placeholder(variable), variable), text);
    const problems = [
      ...(row.obstacle ? [obstacles[row.obstacle]!] : []),
      ...told.map(({ message }) => message),
      ...lintDraft({ channel, platform: row.platform, subject: subject && filled(subject), body: filled(body) }),
    ];
    return { subject, body, missing, problems: [...new Set(problems)] };
  } catch (error) {
    if (error instanceof UserErrors) {
      return { subject: null, body: '', missing: [], problems: error.errors.map(({ message }) => message) };
    }
    throw error;
  }
}

/** What is left of the time from now on. */
function startBudget(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return Math.max(1, previewMs - (user + system) / 1_000);
  };
}

/** Renders again with a placeholder for each variable that turns out to be missing; what went wrong is added to `failures`. */
function render(attempt: () => string | null, scope: TemplateScope, failures: RenderFailure[]): string | null {
  for (let tries = 0; tries <= missingLimit; tries += 1) {
    try {
      return attempt();
    } catch (error) {
      if (!(error instanceof TemplateFailure)) {
        throw error;
      }
      const { failure } = error;
      failures.push(failure);
      if (failure.variable === undefined) {
        return null;
      }
      putPlaceholder(scope, failure.variable);
    }
  }
  return null;
}

/** Whether a variable was only missed because something below it was asked for, and is not shown itself. */
function isOnTheWay({ variable }: RenderFailure, failures: readonly RenderFailure[], text: string): boolean {
  if (variable === undefined) return false;
  return failures.some((other) => other.variable?.startsWith(`${variable}.`)) && !text.includes(placeholder(variable));
}

/** Own properties only, whatever the path is called: a template must not reach what all objects share. */
function putPlaceholder(scope: TemplateScope, path: string): void {
  const parts = path.split('.');
  const last = parts.pop()!;
  let owner = scope;
  for (const part of parts) {
    // A text or a number that is read like an object goes on being shown as what it is.
    const inner = Object(Object.hasOwn(owner, part) ? owner[part] : {}) as TemplateScope;
    put(owner, part, inner);
    owner = inner;
  }
  put(owner, last, placeholder(path));
}

function put(owner: TemplateScope, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, enumerable: true, configurable: true, writable: true });
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
