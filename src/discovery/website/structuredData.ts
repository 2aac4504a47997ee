import { withoutTrailing } from '../../domain/text.ts';

/** What a page's JSON-LD says of whose site it is. */
export interface Owner {
  name: string | null;
  description: string | null;
  emails: readonly string[];
  sameAs: readonly string[];
}

type Thing = Readonly<Record<string, unknown>>;

/** Things on a page that are not whose page it is. */
const others =
  /^(WebPage|.*Page|WebSite|BreadcrumbList|ListItem|ItemList|.*Article|BlogPosting|Product|Offer|AggregateOffer|Review|AggregateRating|Rating|ImageObject|VideoObject|SearchAction|.*Action|Event|Question|Answer|PostalAddress|ContactPoint|Place|Country|Service|Recipe|JobPosting|Blog)$/;
const deepest = 12;
const most = 2_000;

/** Null when there is none, or what there is cannot be read. */
export function ownerOf(scripts: readonly string[]): Owner | null {
  const things = scripts.flatMap((script) => thingsOf(parse(script)));
  const candidates = things.filter((thing) => typesOf(thing).some((type) => !others.test(type)) && text(thing['name'] ?? thing['legalName']));
  const [owner] = candidates.map((thing) => ({ thing, rank: rankOf(thing) })).sort((a, b) => b.rank - a.rank);
  const site = things.find((thing) => typesOf(thing).includes('WebSite'));
  const thing = owner?.thing ?? site;
  if (!thing) return null;
  const contacts = [thing['contactPoint'], thing['contactPoints']].flat().filter(isThing);
  return {
    name: text(thing['name']) ?? text(thing['legalName']),
    description: text(thing['description']),
    emails: [thing, ...contacts].flatMap((source) => texts(source['email'])),
    sameAs: texts(thing['sameAs']),
  };
}

function rankOf(thing: Thing): number {
  const types = typesOf(thing);
  const kind = types.includes('Person') ? 1 : types.some((type) => /Organization$|Business$|^Corporation$|^NGO$/.test(type)) ? 3 : 2;
  return kind * 10 + ['email', 'sameAs', 'contactPoint', 'description', 'address', 'telephone'].filter((key) => thing[key] !== undefined).length;
}

function parse(script: string): unknown {
  const bare = unwrapped(script);
  for (const attempt of [bare, bare.replace(/\p{Cc}+/gu, ' ').replace(/,\s*([}\]])/g, '$1')]) {
    try {
      return JSON.parse(attempt);
    } catch {
      // Raw line breaks in texts and trailing commas are the commonest mistakes; what is worse says nothing.
    }
  }
  return null;
}

/** A script without what hides it from old browsers and from XML: `<!-- … -->`, `//<![CDATA[ … //]]>`; in linear time. */
function unwrapped(script: string): string {
  const shown = script.trim().replace(/^<!--|-->$/g, '').trim().replace(/^\/{0,2}\s*<!\[CDATA\[/, '');
  return (shown.endsWith(']]>') ? withoutTrailing(shown.slice(0, -3).trimEnd(), '/') : shown).trim();
}

/** Every object in it, from the outside in. */
function thingsOf(value: unknown): Thing[] {
  const found: Thing[] = [];
  for (let level = [value], depth = 0; level.length > 0 && depth < deepest && found.length < most; depth += 1) {
    const things = level.flat(3).filter(isThing);
    found.push(...things.slice(0, most));
    level = things.flatMap((thing) => Object.values(thing)).filter((inner) => typeof inner === 'object' && inner !== null);
  }
  return found;
}

function isThing(value: unknown): value is Thing {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typesOf(thing: Thing): string[] {
  return texts(thing['@type']).map((type) => type.replace(/^.*[/#:]/, ''));
}

function texts(value: unknown): string[] {
  return [value].flat().slice(0, 100).flatMap((item) => {
    const one = text(isThing(item) ? (item['@value'] ?? item['@id'] ?? item['url']) : item);
    return one === null ? [] : [one];
  });
}

/** A text with its HTML entities as they were meant. */
function text(value: unknown): string | null {
  const first = Array.isArray(value) ? value[0] : value;
  if (typeof first !== 'string') return null;
  const plain = first.replace(/&amp;/g, '&').replace(/&quot;/g, '"').replace(/&#0?39;|&apos;/g, "'").replace(/\s+/g, ' ').trim();
  return plain === '' ? null : plain;
}
