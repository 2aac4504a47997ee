import { Channel, Platform } from '../../domain/enums.ts';
import { withoutTrailing } from '../../domain/text.ts';

export interface LintedText {
  channel: Channel;
  /** of the profile, on the social channel */
  platform?: Platform | null;
  /** null where there is none */
  subject: string | null;
  body: string;
}

/** Characters that mail programs show of a subject, and more than anybody reads. */
const subjectLimit = 200;
const mailLimit = 20_000;

/** Characters that a platform takes in one message. */
const platformLimits: Partial<Record<Platform, number>> = {
  [Platform.MASTODON]: 500,
  [Platform.INSTAGRAM]: 1_000,
  [Platform.BLUESKY]: 1_000,
  [Platform.FACEBOOK]: 2_000,
  [Platform.LINKEDIN]: 8_000,
};
const socialLimit = 10_000;

/**
 * What is wrong with a text, one sentence each; empty when nothing was found. Every problem keeps the text from being
 * approved, so that only what nobody would send on purpose is one. Looks at nothing but the text.
 */
export function lintDraft({ channel, platform, subject, body }: LintedText): string[] {
  const problems = [
    ...(subject === null ? [] : subjectProblems(subject)),
    ...lengthProblems(channel, platform ?? null, body),
    ...openPlaces([subject ?? '', body].join('\n')),
    ...salutationProblems(body),
    ...linkProblems(body),
  ];
  return [...new Set(problems)].slice(0, problemLimit);
}

/** As many as a person mends at a time. */
const problemLimit = 20;

function subjectProblems(subject: string): string[] {
  if (subject.trim() === '') return ['The subject is empty.'];
  return isLonger(subject, subjectLimit) ? [`The subject has ${countCharacters(subject)} characters; ${subjectLimit} at most are shown.`] : [];
}

function lengthProblems(channel: Channel, platform: Platform | null, body: string): string[] {
  if (body.trim() === '') return ['The text is empty.'];
  const limit = channel === Channel.EMAIL ? mailLimit : ((platform && platformLimits[platform]) ?? socialLimit);
  if (!isLonger(body, limit)) return [];
  const allowed = channel === Channel.EMAIL ? `${limit} at most make sense` : `${platform?.toUpperCase() ?? 'the platform'} takes ${limit}`;
  return [`The text has ${countCharacters(body)} characters; ${allowed}.`];
}

/** Counting costs more than all the rest, and few texts come near a limit. */
const isLonger = (text: string, limit: number): boolean => text.length > limit && countCharacters(text) > limit;

/** As people count them: a character outside the basic plane is one. */
const countCharacters = (text: string): number => [...text].length;

/** What template languages leave where nothing replaced it: Liquid and its kin, and Mailchimp's. */
const variables = /\{\{.{0,200}?(?:\}\}|$)|\{%.{0,200}?(?:%\}|$)|\*\|\w{1,50}\|\*/gm;
/** A few words in brackets that say what should stand there; a Markdown link's text may. */
const placeholders = /(?:\[|\{|<)(?:(?:insert|your|their)\b[\w '’-]{1,40}|[\w '’-]{0,20}(?:name|company|organi[sz]ation|recipient|placeholder|job title|topic|link|url)|[A-Z]+(?:_[A-Z]+)+|TODO|TBD|X{2,5})(?:\]|\}|>)(?!\()/gi;
/** What a program writes for a value that it does not have. */
const nothings = /\[object Object\]|^(?:hi|hello|hey|dear)[ \t]+(?:undefined|null|none|nan)\b/gim;
/** All but tab and line breaks, and what turns the direction of writing around: nobody types these. */
const controls = /[^\P{Cc}\t\n\r\u0085]|[\u202d\u202e]/u;

function openPlaces(text: string): string[] {
  const found = (pattern: RegExp, say: (match: string) => string) => [...text.matchAll(pattern)].map(([match]) => say(match.slice(0, 60)));
  return [
    ...found(variables, (match) => `The variable ${match} was not replaced.`),
    ...found(placeholders, (match) => `The placeholder ${match} was not filled in.`),
    ...found(nothings, (match) => `“${match}” stands where a value is missing.`),
    ...(controls.test(text) ? ['The text has control characters, which programs show as they please.'] : []),
  ];
}

/** A space before the comma: a name was to stand there. */
const nameless = /^\s*(?:hi|hello|hey|dear|hallo|lieber?|bonjour|hola|ciao)[ \t]+[,.]/i;

function salutationProblems(body: string): string[] {
  const [salutation] = body.match(nameless) ?? [];
  return salutation === undefined ? [] : [`The salutation “${salutation.trim()}” names nobody.`];
}

/** Up to white space or a bracket; also what starts like a link and is none. */
const links = /\bhttps?:(?:\/|(?=\w))[^\s<>"')\]]*|\b(?:javascript|vbscript):\S+|\bdata:\w+\/\S+|\bfile:\/\/\S*/gi;
const emptyLinks = /\[[^\]\n]{1,200}\]\([ \t]*\)/g;

function linkProblems(text: string): string[] {
  const broken = [...text.matchAll(links)].flatMap(([match]) => {
    const link = withoutTrailing(match, '.,;:!?');
    const shown = link.slice(0, 100);
    if (!/^https?:/i.test(link)) return [`The link ${shown} opens no page.`];
    return leadsSomewhere(link) ? [] : [`The link ${shown} leads nowhere.`];
  });
  return [...broken, ...[...text.matchAll(emptyLinks)].map(([match]) => `The link ${match.slice(0, 100)} has no address.`)];
}

function leadsSomewhere(link: string): boolean {
  return /^https?:\/\/[^/]/i.test(link) && (URL.parse(link)?.hostname.includes('.') ?? false);
}
