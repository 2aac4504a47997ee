import { readFileSync } from 'node:fs';
import { type LoadHookSync, registerHooks, type ResolveHookSync } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** A test file and what its modules are loaded with. */
export interface TestFile {
  path: string;
  /** what it imports from `@jest/globals` */
  globals: Record<string, unknown>;
  /** swc, and Jest's cache of what it made */
  transformer: ConstructorParameters<(typeof import('jest-runtime'))['default']>[3];
  /** where Jest looks for the map of a file that a stack names */
  sourceMaps: Map<string, string>;
}

const tests = new URL('../..', import.meta.url).href;
const jestGlobals = 'outrider:jest-globals';
const asModule = { supportsDynamicImport: true, supportsExportNamespaceFrom: true, supportsStaticESM: true, supportsTopLevelAwait: true };
/** all that this worker has run */
const files: TestFile[] = [];

/** Imports a test file under a number that its address carries (`?file=3`), and hands on to what it imports of `test`, but to nothing else. */
export function importTest(file: TestFile): Promise<unknown> {
  if (files.length === 0) registerHooks({ resolve, load });
  return import(`${pathToFileURL(file.path).href}?file=${files.push(file) - 1}`);
}

const numberIn = (url: string | undefined) => /\?file=(\d+)$/.exec(url ?? '')?.[1];

const resolve: ResolveHookSync = (specifier, context, nextResolve) => {
  const number = numberIn(context.parentURL);
  if (number === undefined) return nextResolve(specifier, context);
  if (specifier === '@jest/globals') return { url: `${jestGlobals}?file=${number}`, format: 'module', shortCircuit: true };
  const resolved = nextResolve(specifier, context);
  return resolved.url.startsWith(tests) && resolved.url.endsWith('.ts') ? { ...resolved, url: `${resolved.url}?file=${number}` } : resolved;
};

const load: LoadHookSync = (url, context, nextLoad) => {
  if (url.startsWith(jestGlobals)) {
    const { globals } = files[Number(numberIn(url))]!;
    Object.assign(globalThis, { [Symbol.for(jestGlobals)]: globals });
    return { format: 'module', source: `export const { ${Object.keys(globals).join(', ')} } = globalThis[Symbol.for('${jestGlobals}')];`, shortCircuit: true };
  }
  if (!/\.tsx?(\?file=\d+)?$/.test(url) || url.includes('/node_modules/')) return nextLoad(url, context);
  const path = fileURLToPath(url);
  const { transformer, sourceMaps } = files.at(-1)!;
  const { code, sourceMapPath } = transformer.transform(path, asModule as Parameters<typeof transformer.transform>[1], readFileSync(path, 'utf8'));
  if (sourceMapPath) for (const name of [path, url]) sourceMaps.set(name, sourceMapPath);
  return { format: 'module', source: code, shortCircuit: true };
};
