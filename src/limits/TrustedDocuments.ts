import { createHash } from 'node:crypto';
import { parse, print, visit, type DocumentNode, type FieldNode } from 'graphql';

const ofContent = 'sha256:';

/** The documents that may be run where no others may, known by what they say and by their ids. */
export class TrustedDocuments {
  readonly #normal = new Set<string>();
  readonly #texts = new Map<string, string>();

  /**
   * @param id what clients may send in place of the text, beside its SHA-256 in hexadecimal digits
   * @throws {GraphQLError} a text that is no document
   * @throws {Error} an id that stands for another text
   */
  add(text: string, id?: string): void {
    this.#normal.add(normalise(parse(text)));
    for (const name of [sha256(text), ...(id === undefined ? [] : [withoutScheme(id)])]) {
      const known = this.#texts.get(name);
      if (known !== undefined && known !== text) throw new Error(`two documents have the id ${id}`);
      this.#texts.set(name, text);
    }
  }

  has(document: DocumentNode): boolean {
    return this.#normal.has(normalise(document));
  }

  /** @param id one that was added, with or without "sha256:" */
  textOf(id: string): string | undefined {
    return this.#texts.get(withoutScheme(id));
  }
}

/** What a document says, however it is written: clients print it their own way, and ask each object for its type. */
const normalise = (document: DocumentNode): string => print(visit(document, { Field: (node) => (asksType(node) ? null : undefined) }));

const asksType = ({ name, alias, directives }: FieldNode): boolean => name.value === '__typename' && !alias && !directives?.length;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const withoutScheme = (id: string): string => (id.startsWith(ofContent) ? id.slice(ofContent.length) : id);
