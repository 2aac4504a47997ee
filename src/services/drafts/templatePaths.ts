import { toValueSync, TypeGuards, Value, type Template } from 'liquidjs';

type Argument = Value | Parameters<typeof TypeGuards.isValueToken>[0];
/** The first parts of a path by their names, and whether there are others, which are computed. */
interface Path {
  parts: string[];
  isComputed: boolean;
}

/**
 * The paths that a template reads and does not set itself, each once and by its parts, in their order; a part that is computed ends
 * its path. Liquid's own analysis tells the place of each as well, for which it counts lines from the beginning, and copies what is
 * nested: the square of the template's length.
 */
export function templatePaths(templates: readonly Template[]): string[][] {
  const found = new Map<string, string[]>();
  /** how many tags around this place give the name a value, or whether one before has */
  const set = new Map<string, number>();
  const enter = (name: string) => void set.set(name, (set.get(name) ?? 0) + 1);
  const leave = (name: string) => void (set.get(name) === 1 ? set.delete(name) : set.set(name, set.get(name)! - 1));

  function visit(template: Template): void {
    for (const argument of template.arguments?.() ?? []) read(argument);
    for (const { content } of template.localScope?.() ?? []) enter(content);
    if (!template.children) return;
    const names = [...(template.blockScope?.() ?? [])];
    names.forEach(enter);
    for (const child of toValueSync(template.children(false, true)) as Template[]) visit(child);
    names.forEach(leave);
  }

  function read(argument: Argument): void {
    if (argument instanceof Value || TypeGuards.isFilteredValueToken(argument)) {
      const { initial, filters } = argument;
      for (const token of initial.postfix) read(token);
      for (const { args } of filters) for (const arg of args) read(Array.isArray(arg) ? arg[1] : arg);
    } else if (TypeGuards.isRangeToken(argument)) {
      read(argument.lhs);
      read(argument.rhs);
    } else if (TypeGuards.isPropertyAccessToken(argument)) {
      const { parts } = pathOf(argument);
      if (parts.length > 0 && !set.has(parts[0]!)) found.set(JSON.stringify(parts), parts);
    }
  }

  /** Reads what computes its parts by the way. */
  function pathOf({ props }: { props: readonly unknown[] }): Path {
    const [root, ...others] = props;
    const path: Path = TypeGuards.isPropertyAccessToken(root) ? pathOf(root) : { parts: nameOf(root), isComputed: false };
    for (const prop of others) {
      if (TypeGuards.isPropertyAccessToken(prop)) read(prop);
      const name = nameOf(prop);
      path.isComputed ||= name.length === 0;
      if (!path.isComputed) path.parts.push(...name);
    }
    return path;
  }

  templates.forEach(visit);
  return [...found.values()];
}

/** Of a part that has one: numbers and what is computed have none. */
const nameOf = (part: unknown): string[] => (TypeGuards.isQuotedToken(part) || TypeGuards.isWordToken(part) ? [part.content] : []);
