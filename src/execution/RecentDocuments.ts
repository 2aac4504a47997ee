import type { DocumentNode } from 'graphql';

/** How many texts are known, and how long each may be: what clients ask again and again. */
const most = 500;
const longest = 20_000;

/** Documents by their texts, those that came last. */
export class RecentDocuments {
  readonly #known = new Map<string, DocumentNode>();

  get(text: string): DocumentNode | undefined {
    return this.#known.get(text);
  }

  /** From now on it is the one that came last. */
  set(text: string, document: DocumentNode): void {
    if (text.length > longest) return;
    this.#known.delete(text);
    this.#known.set(text, document);
    if (this.#known.size > most) this.#known.delete(this.#known.keys().next().value!);
  }
}
