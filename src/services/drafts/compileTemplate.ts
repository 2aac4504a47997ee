import { Liquid, LiquidError, type Template } from 'liquidjs';

const engine = new Liquid({
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  // `{{ name | default: "there" }}` and `{% if name %}` are the ways to say that a value may be missing.
  lenientIf: true,
  parseLimit: 64_000,
  renderLimit: 250,
  memoryLimit: 1_000_000,
});
// These read files: a template has no business on our disk.
for (const tag of ['include', 'render', 'layout', 'block']) {
  delete engine.tags[tag];
}

/** What a template may use: a field without a value is absent, never null or empty. */
export type TemplateScope = { [field: string]: unknown };

export type RenderFailure = {
  code: 'MISSING_VARIABLE' | 'RENDER_FAILED';
  message: string;
  /** for MISSING_VARIABLE: its path, such as `profile.username` */
  variable?: string;
};

export interface CompiledTemplate {
  /** the first parts of the paths that it reads, such as `displayName` */
  variables: readonly string[];
  /** the whole paths, each by its parts, such as `['profile', 'username']`; a part that is computed ends its path */
  paths: readonly (readonly string[])[];
  /** @throws {TemplateFailure} */
  render(scope: TemplateScope): string;
}

/** A template that does not parse; the message says where. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
}

/** A template that cannot be rendered with these values. */
export class TemplateFailure extends Error {
  override readonly name = 'TemplateFailure';
  readonly failure: RenderFailure;

  constructor(failure: RenderFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

/**
 * Parses a Liquid template.
 * @throws {TemplateSyntaxError} with line and column
 */
export function compileTemplate(source: string): CompiledTemplate {
  let template: Template[];
  try {
    template = engine.parse(source);
  } catch (error) {
    throw new TemplateSyntaxError(firstLine(error));
  }
  return {
    variables: engine.globalVariablesSync(template),
    paths: engine.globalVariableSegmentsSync(template).map(namedParts),
    render: (scope) => {
      try {
        // A filter may cut a character in two; the database would store, and hash, something else.
        return (engine.renderSync(template, scope) as string).toWellFormed();
      } catch (error) {
        throw new TemplateFailure(explain(error));
      }
    },
  };
}

function namedParts(segments: readonly unknown[]): string[] {
  const end = segments.findIndex((segment) => typeof segment !== 'string');
  return segments.slice(0, end < 0 ? undefined : end) as string[];
}

function explain(error: unknown): RenderFailure {
  const original = LiquidError.is(error) ? (error.originalError as (Error & { variableName?: string }) | undefined) : undefined;
  if (original?.variableName) {
    const variable = original.variableName;
    return { code: 'MISSING_VARIABLE', message: `${variable} has no value.`, variable };
  }
  return { code: 'RENDER_FAILED', message: firstLine(error) };
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]!.slice(0, 300);
}
