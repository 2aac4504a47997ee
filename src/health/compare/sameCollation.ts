/** Collations by name, null for the default one; POSIX is another name of C. */
export function sameCollation(a: string | null, b: string | null): boolean {
  const name = (collation: string | null) => (collation === 'POSIX' ? 'C' : collation);
  return name(a) === name(b);
}
