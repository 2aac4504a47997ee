import { TestEnvironment } from 'jest-environment-node';

/** The name by which SharedRuntime.ts knows it. */
export const shared = Symbol.for('outrider:shared-environment');

type Environment = InstanceType<typeof TestEnvironment>;
type Global = Environment['global'];

/**
 * The process itself, where Jest's own gives each test file a context of node:vm: so that what a file imports can be loaded once in a worker
 * (SharedRuntime.ts). What a file changes of globals, of the environment's variables and of the way out is put back when it ends.
 */
export default class SharedEnvironment extends TestEnvironment {
  readonly [shared] = true;
  readonly #globals = Object.entries(Object.getOwnPropertyDescriptors(globalThis)).filter(([, { configurable }]) => configurable);
  readonly #variables = { ...process.env };
  readonly #exit = process.exit;
  readonly #exitCode = process.exitCode;

  constructor(...[config, context]: ConstructorParameters<typeof TestEnvironment>) {
    super(config, context);
    const Mocker = this.moduleMocker!.constructor as new (global: Global) => NonNullable<Environment['moduleMocker']>;
    const Timers = this.fakeTimersModern!.constructor as new (options: { config: typeof config.projectConfig; global: Global }) => NonNullable<Environment['fakeTimersModern']>;
    this.global = globalThis as unknown as Global;
    this.moduleMocker = new Mocker(this.global);
    this.fakeTimersModern = new Timers({ config: config.projectConfig, global: this.global });
  }

  override async teardown(): Promise<void> {
    await super.teardown();
    for (const [name, descriptor] of this.#globals) Object.defineProperty(globalThis, name, descriptor);
    for (const name of Object.keys(process.env)) if (!(name in this.#variables)) delete process.env[name];
    Object.assign(process.env, this.#variables);
    process.exit = this.#exit;
    process.exitCode = this.#exitCode;
  }
}
