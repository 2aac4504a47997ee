const deepest = 600;
const leaves = /^(area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;
/** Elements whose next sibling ends them. */
const endedBySibling = /^(p|li|dt|dd|tr|td|th|option|thead|tbody)$/;

/** Whether elements nest so deep that reading them would take time out of all proportion; found in one pass over the tags. */
export function isTooDeep(html: string): boolean {
  const tag = /<(?:(!--)|(\/?)([a-z][a-z0-9-]{0,30}))/gi;
  const open: string[] = [];
  for (let match = tag.exec(html); match; match = tag.exec(html)) {
    const [, comment, slash, found = ''] = match;
    const name = found.toLowerCase();
    const raw = !slash && (name === 'script' || name === 'style');
    if (comment || raw) {
      const end = html.indexOf(comment ? '-->' : '</', tag.lastIndex);
      if (end < 0) return false;
      tag.lastIndex = end;
    } else if (slash) {
      // What ends an element far above is left open here: that only makes it look deeper.
      const at = open.lastIndexOf(name);
      if (at >= open.length - 50 && at >= 0) open.length = at;
    } else if (!leaves.test(name) && !(endedBySibling.test(name) && open.at(-1) === name)) {
      open.push(name);
      if (open.length > deepest) return true;
    }
  }
  return false;
}
