import { Channel } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../../domain/errors.ts';
import { onOneLine } from '../../domain/text.ts';
import { compileTemplate, TemplateSyntaxError, type CompiledTemplate, type CompileOptions, type TemplateScope } from './compileTemplate.ts';

export interface TemplateSource {
  /** null on the social channel, which has no subject */
  subject: string | null;
  body: string;
}

export interface DraftTemplate {
  variables: ReadonlySet<string>;
  /** The subject on one line. @throws {TemplateFailure} */
  renderSubject(scope: TemplateScope, limitMs?: number): string | null;
  /** @throws {TemplateFailure} */
  renderBody(scope: TemplateScope, limitMs?: number): string;
}

/** The templates of those who have set none. */
export const builtInTemplates: Readonly<Record<Channel, TemplateSource>> = {
  [Channel.EMAIL]: {
    subject: 'A question about {{ displayName }}',
    body: `Hello,

I came across {{ displayName }}{% if profileUrl %} ({{ profileUrl }}){% endif %} and would like to talk about working together.

May I send you the details?
`,
  },
  [Channel.SOCIAL]: {
    subject: null,
    body: 'Hello {{ profile.displayName | default: displayName }}, I like what you do and would like to talk about working together. May I send you the details?',
  },
};

/** The same for follow-ups, whose subject is that of the first message. */
export const builtInFollowUps: Readonly<Record<Channel, string>> = {
  [Channel.EMAIL]: `Hello,

some days ago I wrote to {{ displayName }} about working together. Messages get lost, so I ask once more: may I send you the details?

If this is not for you, a short no is enough, and I will not write again.
`,
  [Channel.SOCIAL]:
    'Hello {{ profile.displayName | default: displayName }}, some days ago I wrote to you about working together. May I send you the details? If it is not for you, just say so.',
};

const compiled = new Map<string, DraftTemplate>();

/** Parses subject and body; the last few are remembered. @throws {UserErrors} INVALID with the position of the mistake */
export function compileDraftTemplate(source: TemplateSource, options: CompileOptions = {}): DraftTemplate {
  const key = JSON.stringify([source.subject, source.body, options.marksData]);
  const template = compiled.get(key) ?? compile(source, options);
  compiled.delete(key);
  compiled.set(key, template);
  if (compiled.size > 50) {
    compiled.delete(compiled.keys().next().value!);
  }
  return template;
}

function compile({ subject, body }: TemplateSource, options: CompileOptions): DraftTemplate {
  const errors: UserError[] = [];
  const parse = (text: string, field: string): CompiledTemplate | null => {
    try {
      return compileTemplate(text, options);
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) {
        throw error;
      }
      errors.push({ code: UserErrorCode.INVALID, message: `The template does not parse: ${error.message}.`, field: ['input', field] });
      return null;
    }
  };
  const subjectTemplate = subject === null ? null : parse(subject, 'subjectTemplate');
  const bodyTemplate = parse(body, 'bodyTemplate');
  if (errors.length > 0 || !bodyTemplate) {
    throw new UserErrors(...errors);
  }
  return {
    variables: new Set([...(subjectTemplate?.variables ?? []), ...bodyTemplate.variables]),
    // A line break in a subject would start another header of the mail.
    renderSubject: (scope, limitMs) => subjectTemplate && onOneLine(subjectTemplate.render(scope, limitMs)),
    renderBody: (scope, limitMs) => bodyTemplate.render(scope, limitMs),
  };
}
