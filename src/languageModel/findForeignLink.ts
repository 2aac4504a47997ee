import { withoutTrailing } from '../domain/text.ts';
import { dataOf, withoutData } from './draftRequest.ts';

const linksAndAddresses = /\b(?:https?:\/\/|www\.)[^\s<>"')\]]+|[^\s<>"'(),;:]{1,64}@[\p{L}\d-]+(?:\.[\p{L}\d-]+)+/giu;

/**
 * The first link or e-mail address in a text that the instruction neither has itself nor names as a value of its own. What
 * merely stands somewhere in what strangers wrote is foreign: that is how they would have us advertise for them.
 */
export function findForeignLink(text: string, instruction: string): string | null {
  const own = withoutData(instruction);
  const values = dataOf(instruction).flatMap((value) => [JSON.parse(value) as unknown].flat()).map(String);
  for (const [found] of text.matchAll(linksAndAddresses)) {
    const link = withoutTrailing(found, '.,;:!?');
    if (!own.includes(link) && !values.some((value) => bare(value) === bare(link))) return link.slice(0, 100);
  }
  return null;
}

const bare = (link: string): string => link.replace(/^https?:\/\//i, '').replace(/\/$/, '');
