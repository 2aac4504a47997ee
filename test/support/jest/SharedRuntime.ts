import { createRequire } from 'node:module';
import { importTest } from './modules.ts';
import { shared } from './SharedEnvironment.ts';

/** Its types are those of its CommonJS. */
const { default: JestRuntime } = createRequire(import.meta.url)('jest-runtime') as typeof import('jest-runtime');

type Options = ConstructorParameters<typeof JestRuntime>;

/** Of Jest's own: what `@jest/globals` gives a file. */
interface Internals {
  jestGlobals: { envGlobals(): Record<string, unknown>; jestObjectFor(path: string): unknown };
}

/**
 * Jest's own runtime loads every module anew for each test file: packages and sources that are the same for all, 1.5 s of CPU a file, and
 * nothing that the JIT learnt is kept. In a SharedEnvironment this one imports a test file as Node does, so that packages and `src` are loaded
 * once in a worker, as they are in the product; what lies in `test` is loaded anew for each file (modules.ts).
 * A file that needs modules of its own says `@jest-environment node` in its first comment, and why.
 */
export default class SharedRuntime extends JestRuntime {
  readonly #isShared: boolean;
  readonly #transformer: Options[3];

  constructor(...options: Options) {
    super(...options);
    const [, environment, , transformer] = options;
    this.#isShared = shared in environment;
    this.#transformer = transformer;
  }

  override async unstable_importModule(from: string, moduleName?: string): Promise<unknown> {
    if (!this.#isShared) return super.unstable_importModule(from, moduleName);
    const { jestGlobals } = this as unknown as Internals;
    const globals = { ...jestGlobals.envGlobals(), jest: jestGlobals.jestObjectFor(from) };
    return importTest({ path: from, globals, transformer: this.#transformer, sourceMaps: this.getSourceMaps() as Map<string, string> });
  }

  /** Only jest-circus is asked for: the part of Jest that collects a file's tests, and has to begin with none. */
  override requireInternalModule<T>(from: string, to?: string): T {
    if (!this.#isShared) return super.requireInternalModule(from, to);
    const require = createRequire(from);
    const path = require.resolve(to ?? from);
    delete require.cache[path];
    Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
    return require(path) as T;
  }
}
