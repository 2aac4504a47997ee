import { type Node, parseHtml } from '../website/parseHtml.ts';

/** What a profile says in HTML. */
export interface Note {
  /** a new line for each <br>, an empty one between paragraphs */
  text: string;
  /** where its links lead, without hashtags and mentions */
  links: string[];
}

/** Longer than servers let people write. */
const longest = 50_000;

/** Reads it in time that grows with its length only; what nests as nobody writes is empty. */
export function readNote(html: string): Note {
  const note = html.slice(0, longest);
  const pieces: string[] = [];
  const links: string[] = [];
  const read = (node: Node): void => {
    if (node.type === 'text') pieces.push(node.data);
    if (!('attribs' in node) || node.name === 'script' || node.name === 'style') return;
    const classes = node.attribs['class']?.split(/\s+/) ?? [];
    const href = node.name === 'a' && !classes.includes('hashtag') && !classes.includes('mention') && node.attribs['href'];
    if (href) links.push(href);
    node.children.forEach(read);
    if (node.name === 'br') pieces.push('\n');
    if (node.name === 'p') pieces.push('\n\n');
  };
  parseHtml(note)?.forEach(read);
  return { text: pieces.join('').replaceAll(/[^\S\n]+/g, ' ').replaceAll(/ ?\n ?/g, '\n').replaceAll(/\n{3,}/g, '\n\n').trim(), links };
}
