import { isUtf8 } from 'node:buffer';
import { type Columns, invalid, type Mapping, readColumns, readHeader } from './columns.ts';
import { parseFields } from './parseFields.ts';

const lineFeed = 0x0a;
/** As many as a sheet of Excel has; each costs time on every row. */
const mostColumns = 16_384;
/** Lines that may stand before a header. */
const longestPreamble = 20;

export interface CsvHeader {
  names: string[];
  columns: Columns;
  delimiter: string;
  /** 1-based */
  line: number;
  /** where the first record begins */
  end: number;
}

/**
 * The header: the first line, or the first one after notes as LinkedIn writes them (lines of one field that is no
 * column), blank lines and Excel's `sep=;`.
 * @param ended whether `text` is all that there is
 * @returns null when more of the file is needed to tell
 * @throws {UserErrors} INVALID
 */
export function findHeader(text: Buffer, mapping: Mapping, ended: boolean): CsvHeader | null {
  let start = 0;
  for (let line = 1; line <= longestPreamble; line += 1) {
    const found = text.indexOf(lineFeed, start);
    if (found < 0 && !ended) return null;
    const end = found < 0 ? text.length : found;
    const { names, delimiter } = readLine(text.subarray(start, end));
    if (!isPreamble(names, mapping)) return { names, delimiter, columns: readHeader(names, mapping), line, end: end + 1 };
    if (found < 0) break;
    start = end + 1;
  }
  // Nothing but notes: what is missing is said of the first line.
  const { names, delimiter } = readLine(text.subarray(0, text.indexOf(lineFeed) < 0 ? text.length : text.indexOf(lineFeed)));
  return { names, delimiter, columns: readHeader(names, mapping), line: 1, end: text.indexOf(lineFeed) + 1 };
}

function readLine(line: Buffer): { names: string[]; delimiter: string } {
  if (!isUtf8(line)) throw invalid('The header is not UTF-8; save the file as UTF-8.');
  const text = line.toString('utf8').replace(/\r$/, '');
  // A file of an old Macintosh is one endless line, which would be its header.
  if (/\r[^\r\n]/.test(text)) throw invalid('The lines of the file end in CR alone; save it with line ends of Unix or Windows.');
  const delimiter = sniffDelimiter(text);
  const count = text.split(delimiter).length;
  if (count > mostColumns) throw invalid(`The header has ${count} columns; ${mostColumns} at most are taken.`);
  return { names: (parseFields([text], delimiter)?.[0] ?? []).map((name) => name.trim()), delimiter };
}

function isPreamble(names: readonly string[], mapping: Mapping): boolean {
  if (names.length === 2 && /^sep=$/i.test(names[0] ?? '') && names[1] === '') return true;
  if (names.every((name) => name === '')) return true;
  return names.length === 1 && readColumns(names, mapping).of.size === 0;
}

/** Of comma, semicolon and tab the one that the header has most of, outside quotes. */
function sniffDelimiter(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const count = (delimiter: string) => bare.split(delimiter).length;
  return [',', ';', '\t'].reduce((best, other) => (count(other) > count(best) ? other : best));
}
