import { DiscoveryError } from '../adapter.ts';
import { type Element, type Node, parseHtml } from './parseHtml.ts';

export interface Link {
  href: string;
  /** what is read there */
  text: string;
  /** in lower case */
  rel: readonly string[];
  /** in the frame of a page: header, footer or navigation */
  framed: boolean;
}

/** What a page says, taken out of its HTML in one pass. */
export interface PageDocument {
  /** as the page declares it, such as de-AT */
  language: string | null;
  title: string | null;
  /** `name` or `property` in lower case → content */
  meta: ReadonlyMap<string, string>;
  links: readonly Link[];
  base: string | null;
  /** the JSON-LD scripts as they stand there */
  structured: readonly string[];
  /** what a visitor reads, one line a block, without what is hidden */
  text: string;
  /** mail addresses that Cloudflare turned into numbers for scripts to turn back */
  encodedAddresses: readonly string[];
}

const silent = new Set(['script', 'style', 'noscript', 'template', 'svg', 'iframe', 'object', 'textarea', 'select']);
const inline = new Set(['a', 'abbr', 'b', 'bdi', 'bdo', 'big', 'cite', 'code', 'em', 'font', 'i', 'mark', 'small', 'span', 'strong', 'sub', 'sup', 'tt', 'u', 'wbr', 'nobr']);
const frames = new Set(['header', 'footer', 'nav']);
const hidden = /(^|;)\s*(display\s*:\s*none|visibility\s*:\s*hidden)/i;
const mostText = 400_000;
/** The rest of a page that has more is a list of something. */
const mostLinks = 10_000;
/** Characters of a page's base, which each of its links is read with. */
const longestBase = 2_048;
/** Characters in which the words of a link are looked for: it may have the whole page inside. */
const longestWords = 10_000;

/**
 * Reads HTML, however broken, in time that grows with its length only.
 * @throws {DiscoveryError} UNREADABLE when it nests deeper than any page does
 */
export function readDocument(html: string): PageDocument {
  const nodes = parseHtml(html);
  if (!nodes) throw new DiscoveryError('UNREADABLE', 'Its HTML nests deeper than any page does.');
  const reader = new Reader();
  reader.readAll(nodes, false);
  return reader.document();
}

class Reader {
  readonly #meta = new Map<string, string>();
  readonly #links: Link[] = [];
  readonly #structured: string[] = [];
  readonly #encoded: string[] = [];
  readonly #pieces: string[] = [];
  #length = 0;
  #language: string | null = null;
  #title: string | null = null;
  #base: string | null = null;

  document(): PageDocument {
    return {
      language: this.#language, title: this.#title, meta: this.#meta, links: this.#links, base: this.#base,
      structured: this.#structured, encodedAddresses: this.#encoded, text: tidy(this.#pieces.join('')),
    };
  }

  readAll(nodes: readonly Node[], framed: boolean): void {
    for (const node of nodes) this.#read(node, framed);
  }

  #read(node: Node, framed: boolean): void {
    if (node.type === 'text') this.#say(node.data);
    if (!('attribs' in node)) return;
    const { name, attribs } = node;
    if (name === 'script' && /^application\/ld\+json/i.test(attribs['type'] ?? '')) this.#structured.push(textOf(node));
    if (attribs['data-cfemail']) this.#encoded.push(attribs['data-cfemail']);
    if (silent.has(name) || attribs['hidden'] !== undefined || hidden.test(attribs['style'] ?? '')) return;
    if (name === 'title') {
      this.#title ??= tidy(textOf(node)) || null;
      return;
    }
    this.#note(name, attribs);
    if (!inline.has(name)) this.#say('\n');
    const from = this.#pieces.length;
    this.readAll(node.children, framed || frames.has(name));
    if (!inline.has(name)) this.#say('\n');
    const { href, rel = '' } = attribs;
    if ((name === 'a' || name === 'area' || name === 'link') && href && this.#links.length < mostLinks) {
      const text = tidy(this.#saidSince(from)) || (attribs['aria-label'] ?? attribs['title'] ?? '');
      this.#links.push({ href: href.trim(), text: text.slice(0, 200), rel: rel.toLowerCase().split(/\s+/).filter(Boolean), framed });
    }
  }

  #note(name: string, attribs: Readonly<Record<string, string>>): void {
    if (name === 'html') this.#language ??= attribs['lang']?.trim() || null;
    if (name === 'base' && (attribs['href']?.length ?? 0) <= longestBase) this.#base ??= attribs['href'] ?? null;
    const key = (attribs['property'] ?? attribs['name'])?.toLowerCase();
    const content = attribs['content']?.trim();
    if (name === 'meta' && key && content) {
      const earlier = this.#meta.get(key);
      // Of several robots metas all count; of everything else the first.
      if (earlier === undefined || key === 'robots') this.#meta.set(key, earlier === undefined ? content : `${earlier}, ${content}`);
    }
  }

  #say(text: string): void {
    if (this.#length > mostText) return;
    this.#pieces.push(text);
    this.#length += text.length;
  }

  /** The beginning of what was said from a piece on. */
  #saidSince(first: number): string {
    let said = '';
    for (let at = first; at < this.#pieces.length && said.length < longestWords; at += 1) said += this.#pieces[at];
    return said.slice(0, longestWords);
  }
}

function textOf(element: Element): string {
  return element.children.map((child) => (child.type === 'text' ? child.data : '')).join('');
}

function tidy(text: string): string {
  return text.replace(/[\u00AD\u200B-\u200D\u2060\uFEFF]/g, '').replace(/[^\S\n]+/g, ' ').replace(/ ?\n[ \n]*/g, '\n').trim();
}
