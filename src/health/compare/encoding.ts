import type { LiveCatalog } from '../liveCatalog.ts';
import type { Finding } from '../finding.ts';

/** Text that is not kept as UTF-8: in bytes that nobody checks, or in letters that lack most of the world's. */
export function compareEncoding({ encoding, database: { name } }: LiveCatalog): Finding[] {
  if (encoding === 'UTF8') return [];
  const does = encoding === 'SQL_ASCII'
    ? { effect: 'SILENT', words: 'lengths are counted, texts cut and letters compared by the byte' } as const
    : { effect: 'WRITE_FAILS', sqlState: '22P05', words: `whatever holds a letter that ${encoding} lacks fails` } as const;
  const { words, ...effects } = does;
  return [{
    kind: 'COLUMN_COLLATION',
    object: 'server_encoding',
    ...effects,
    expected: 'UTF8',
    actual: encoding,
    message: `The database ${name} is encoded in ${encoding} instead of UTF8: ${words}. An encoding cannot be changed: dump it, make another one by "create database … encoding 'UTF8' template template0", and restore it there.`,
  }];
}
