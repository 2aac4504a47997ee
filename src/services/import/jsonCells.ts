import { type Columns, type Mapping, readColumns } from './columns.ts';
import { cellsOf } from './cells.ts';
import { type Cells, RowError } from './RowReader.ts';

const deepest = 8;
/** Shapes of objects that are remembered, and the paths that each may have: all lines of a file have a few. */
const remembered = { shapes: 100, paths: 2_000 };

/** Reads lines of JSON; what stands in an object inside the object is a column as `basicInfo/fullName`. */
export class JsonReader {
  readonly #mapping: Mapping;
  readonly #shapes = new Map<string, Columns>();

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /** @throws {RowError} INVALID_JSON */
  cells(text: string): Cells {
    const entries: [path: string, value: unknown][] = [];
    flatten(parseObject(text), '', { mapping: this.#mapping, entries, depth: 1 });
    const paths = entries.map(([path]) => path);
    return cellsOf(this.#columns(paths), (index) => entries[index]?.[1]);
  }

  #columns(paths: readonly string[]): Columns {
    if (paths.length > remembered.paths) return readColumns(paths, this.#mapping);
    const shape = JSON.stringify(paths);
    const known = this.#shapes.get(shape);
    if (known) return known;
    const columns = readColumns(paths, this.#mapping);
    if (this.#shapes.size >= remembered.shapes) this.#shapes.clear();
    this.#shapes.set(shape, columns);
    return columns;
  }
}

function parseObject(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RowError('INVALID_JSON', 'The line is not JSON.', null, text);
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw new RowError('INVALID_JSON', 'The line is not a JSON object.', null, text);
  }
  return value;
}

interface Flattening {
  mapping: Mapping;
  entries: [path: string, value: unknown][];
  depth: number;
}

/** A list of plain values stays one value; what a mapping names is taken as it is. */
function flatten(value: object, prefix: string, { mapping, entries, depth }: Flattening): void {
  for (const [key, item] of Object.entries(value)) {
    const path = prefix + key;
    if (Object.hasOwn(mapping, path) || !isNested(item)) entries.push([path, item]);
    else if (depth < deepest) flatten(item, `${path}/`, { mapping, entries, depth: depth + 1 });
  }
}

function isNested(value: unknown): value is object {
  if (value === null || typeof value !== 'object') return false;
  return !Array.isArray(value) || value.some((item) => item !== null && typeof item === 'object');
}
