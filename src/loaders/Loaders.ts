import DataLoader from 'dataloader';

/**
 * The dataloaders of one request: one for each edge, selection and arguments, so that an edge costs one statement
 * however many rows it starts from.
 */
export class Loaders {
  #byNodes = new WeakMap<object, Map<string, DataLoader<string, unknown>>>();
  readonly #byName = new Map<string, DataLoader<string, unknown>>();

  /** What is loaded from now on is read anew. */
  forget(): void {
    this.#byNodes = new WeakMap();
    this.#byName.clear();
  }

  /**
   * The loader of what these nodes of the document ask for.
   *
   * @param nodes `info.fieldNodes`: the same array for every row of one execution
   * @param target the edge or the type; an interface field leads to several
   * @param describe the name that equal loads share, and how they are loaded; called once for `nodes` and `target`
   */
  for<Value>(
    nodes: object, target: string, describe: () => { name: string; load: (keys: readonly string[]) => Promise<readonly Value[]> },
  ): DataLoader<string, Value> {
    const targets = this.#byNodes.get(nodes) ?? new Map<string, DataLoader<string, unknown>>();
    this.#byNodes.set(nodes, targets);
    let loader = targets.get(target);
    if (!loader) {
      const { name, load } = describe();
      loader = this.#byName.get(name) ?? new DataLoader<string, unknown>(load);
      this.#byName.set(name, loader);
      targets.set(target, loader);
    }
    return loader as DataLoader<string, Value>;
  }
}
