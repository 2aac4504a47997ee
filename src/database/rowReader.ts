/** One column of a result. */
interface Column {
  name: string;
  dataTypeID: number;
}

type Columns = readonly (string | null)[];
type RowReader = new (columns: Columns) => object;

/** Selections that are known. */
const mostKnown = 500;
const known = new Map<string, RowReader>();

/** The class of rows with these columns, each a property that is parsed when it is read. */
export function rowReader(columns: readonly Column[], parserOf: (type: number) => (text: string) => unknown): RowReader {
  const key = columns.map(({ name, dataTypeID }) => `${dataTypeID} ${name}`).join();
  let reader = known.get(key);
  if (!reader) {
    reader = readerOf(columns, parserOf);
    known.set(key, reader);
    if (known.size > mostKnown) known.delete(known.keys().next().value!);
  }
  return reader;
}

function readerOf(columns: readonly Column[], parserOf: (type: number) => (text: string) => unknown): RowReader {
  class Row {
    readonly $columns: Columns;

    constructor(found: Columns) {
      this.$columns = found;
    }
  }
  columns.forEach(({ name, dataTypeID }, place) => {
    const parse = parserOf(dataTypeID);
    Object.defineProperty(Row.prototype, name, {
      configurable: true,
      get(this: Row) {
        const text = this.$columns[place]!;
        return text === null ? null : parse(text);
      },
    });
  });
  return Row;
}
