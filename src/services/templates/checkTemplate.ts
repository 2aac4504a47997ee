import { Channel } from '../../domain/enums.ts';
import { type UserError, UserErrorCode } from '../../domain/errors.ts';
import { textProblem } from '../../domain/text.ts';
import { compileTemplate, TemplateSyntaxError } from '../drafts/compileTemplate.ts';
import { knownVariables } from '../drafts/prospectFields.ts';

const longest = { subject: 1_000, body: 50_000 };

/** What is absent is not checked. */
export interface TemplateTexts {
  subject?: string | null;
  body?: string | null;
}

/** Why these texts could never become a draft of the channel; `field` is the path of the input that holds them. */
export function templateErrors(channel: Channel, { subject, body }: TemplateTexts, field: readonly string[]): UserError[] {
  const errors: UserError[] = [];
  const check = (name: 'subject' | 'body', problem: string | null) => {
    if (problem) errors.push({ code: UserErrorCode.INVALID, message: problem, field: [...field, name] });
  };
  if (subject != null) {
    check('subject', channel === Channel.EMAIL ? textError(channel, subject, longest.subject) : 'Messages on a social platform have no subject.');
  }
  if (body != null) check('body', textError(channel, body, longest.body));
  return errors;
}

function textError(channel: Channel, text: string, maximum: number): string | null {
  if (text.trim() === '') return 'The template must not be empty.';
  if (text.length > maximum) return `The template may have ${maximum} characters at most.`;
  const problem = textProblem(text);
  if (problem) return `The template ${problem}.`;
  try {
    const unknown = unknownPaths(channel, compileTemplate(text).paths);
    if (unknown.length === 0) return null;
    return `There is no variable ${unknown.join(', ')}; known are ${knownVariables(channel).join(', ')}.`;
  } catch (error) {
    if (error instanceof TemplateSyntaxError) return `The template does not parse: ${error.message}.`;
    throw error;
  }
}

/** What follows a field (`tags.first`, `displayName.size`) is Liquid's. */
function unknownPaths(channel: Channel, paths: readonly (readonly string[])[]): string[] {
  const known = knownVariables(channel).map((path) => path.split('.'));
  const isKnown = (path: readonly string[]) => known.some((parts) => parts.every((part, place) => place >= path.length || part === path[place]));
  return [...new Set(paths.filter((path) => !isKnown(path)).map((path) => path.join('.')))];
}
