import { DomHandler, Parser } from 'htmlparser2';

/** More than any page has. */
const deepest = 600;

export type Node = DomHandler['dom'][number];
export type Element = Extract<Node, { attribs: unknown }>;

class TooDeepError extends Error {}

/** Asks the parser itself how deep it is: whatever else looks for tags sees others than it does. */
class ShallowTree extends DomHandler {
  override onopentag(name: string, attribs: Record<string, string>): void {
    if (this.tagStack.length > deepest) throw new TooDeepError();
    super.onopentag(name, attribs);
  }
}

/** The nodes of HTML, however broken; null where elements nest so deep that reading them would take time out of all proportion. */
export function parseHtml(html: string): Node[] | null {
  const tree = new ShallowTree();
  try {
    new Parser(tree).end(html);
  } catch (error) {
    if (error instanceof TooDeepError) return null;
    throw error;
  }
  return tree.dom;
}
