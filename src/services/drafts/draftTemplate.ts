import { Channel } from '../../domain/enums.ts';
import { UserErrorCode, UserErrors, type UserError } from '../../domain/errors.ts';
import { onOneLine } from '../../domain/text.ts';
import { compileTemplate, TemplateSyntaxError, type CompiledTemplate, type TemplateScope } from './compileTemplate.ts';

export interface TemplateSource {
  /** null on the social channel, which has no subject */
  subject: string | null;
  body: string;
}

export interface DraftTemplate {
  variables: ReadonlySet<string>;
  /** The subject on one line. @throws {TemplateFailure} */
  renderSubject(scope: TemplateScope): string | null;
  /** @throws {TemplateFailure} */
  renderBody(scope: TemplateScope): string;
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

const compiled = new Map<string, DraftTemplate>();

/** Parses subject and body; the last few are remembered. @throws {UserErrors} INVALID with the position of the mistake */
export function compileDraftTemplate(source: TemplateSource): DraftTemplate {
  const key = JSON.stringify([source.subject, source.body]);
  const template = compiled.get(key) ?? compile(source);
  compiled.delete(key);
  compiled.set(key, template);
  if (compiled.size > 50) {
    compiled.delete(compiled.keys().next().value!);
  }
  return template;
}

function compile({ subject, body }: TemplateSource): DraftTemplate {
  const errors: UserError[] = [];
  const parse = (text: string, field: string): CompiledTemplate | null => {
    try {
      return compileTemplate(text);
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
    renderSubject: (scope) => subjectTemplate && onOneLine(subjectTemplate.render(scope)),
    renderBody: (scope) => bodyTemplate.render(scope),
  };
}
