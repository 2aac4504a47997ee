import { Liquid, LiquidError, toValue, type Template } from 'liquidjs';
import { textProblem } from '../../domain/text.ts';
import { markData } from '../../languageModel/draftRequest.ts';
import { templatePaths } from './templatePaths.ts';

/** By the clock on the wall, as Liquid measures it. */
const renderLimitMs = 250;
const mostRenderings = 5;

const options = {
  strictVariables: true,
  strictFilters: true,
  ownPropertyOnly: true,
  // `{{ name | default: "there" }}` and `{% if name %}` are the ways to say that a value may be missing.
  lenientIf: true,
  parseLimit: 64_000,
  renderLimit: renderLimitMs,
  memoryLimit: 1_000_000,
};
const engine = withoutFiles(new Liquid(options));

/** For instructions: every value is marked as one, also where a template asks for the raw value. */
const markingEngine = withoutFiles(new Liquid({ ...options, outputEscape: markData }));
markingEngine.registerFilter('raw', (value: unknown) => value);

/** These tags read files: a template has no business on our disk. */
function withoutFiles(liquid: Liquid): Liquid {
  for (const tag of ['include', 'render', 'layout', 'block']) {
    delete liquid.tags[tag];
  }
  return charged(liquid);
}

/**
 * Counts what a template writes against its memory, too, captures included: Liquid itself counts what filters make only, and
 * a capture of two captures doubles with each line.
 */
function charged(liquid: Liquid): Liquid {
  const { renderer } = liquid;
  const renderTemplates = renderer.renderTemplates.bind(renderer);
  renderer.renderTemplates = (templates, context, emitter) => renderTemplates(templates, context, emitter ?? {
    buffer: '',
    write(value: unknown) {
      const text = toText(value);
      context.memoryLimit.use(text.length);
      this.buffer += text;
    },
  });
  return liquid;
}

/** As Liquid writes values: nothing for null, lists without commas. */
function toText(given: unknown): string {
  const value: unknown = toValue(given);
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(toText).join('');
  return value == null ? '' : String(value);
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
  /**
   * @param limitMs less than what a rendering may take otherwise
   * @throws {TemplateFailure}
   */
  render(scope: TemplateScope, limitMs?: number): string;
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

export interface CompileOptions {
  /** values are marked, so that a language model can tell them from what it is told to do */
  marksData?: boolean;
}

/**
 * Parses a Liquid template.
 * @throws {TemplateSyntaxError} with line and column
 */
export function compileTemplate(source: string, { marksData = false }: CompileOptions = {}): CompiledTemplate {
  const liquid = marksData ? markingEngine : engine;
  const { template, variables, paths } = parse(liquid, source);
  return {
    variables,
    paths,
    render: (scope, limitMs = renderLimitMs) => {
      try {
        // A filter may cut a character in two; the database would store, and hash, something else.
        return renderPatiently(() => liquid.renderSync(template, scope, { renderLimit: limitMs }) as string, limitMs).toWellFormed();
      } catch (error) {
        throw new TemplateFailure(explain(error));
      }
    },
  };
}

/** What could not be kept is no template. What nests too deep fails where it is parsed, or where its variables are looked for. */
function parse(liquid: Liquid, source: string): Pick<CompiledTemplate, 'variables' | 'paths'> & { template: Template[] } {
  const problem = textProblem(source);
  if (problem) throw new TemplateSyntaxError(`it ${problem}`);
  try {
    const template = liquid.parse(source);
    const paths = templatePaths(template);
    return { template, variables: [...new Set(paths.map(([root]) => root!))], paths };
  } catch (error) {
    throw new TemplateSyntaxError(firstLine(error));
  }
}

/** Where the time went by while this process did not run, the template is not to blame, and is rendered again. */
function renderPatiently(render: () => string, limitMs: number): string {
  for (let rendering = 1; ; rendering++) {
    const before = recentUsage();
    try {
      return render();
    } catch (error) {
      const { user, system } = process.cpuUsage(before);
      const isOurs = firstLine(error).includes('template render limit exceeded') && (user + system) / 1000 < limitMs / 2;
      if (!isOurs || rendering === mostRenderings) throw error;
    }
  }
}

const usageAgeMs = 10;
let usage = { at: Number.NEGATIVE_INFINITY, of: process.cpuUsage() };

/** The processor time that this process had used some milliseconds ago at most: asked for each draft, it would be a fifth of what rendering costs. */
function recentUsage(): NodeJS.CpuUsage {
  const now = performance.now();
  if (now - usage.at > usageAgeMs) usage = { at: now, of: process.cpuUsage() };
  return usage.of;
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
