const subjectLimit = 200;
const bodyLimit = 20_000;
const linkPattern = /\bhttps?:[^\s<>"')\]]*/gi;

/** What is wrong with a rendered text, one sentence each; empty when nothing was found. `subject` is null where there is none. */
export function lintDraft(subject: string | null, body: string): string[] {
  const problems: string[] = [];
  if (subject === '') {
    problems.push('The subject is empty.');
  }
  if (subject !== null && subject.length > subjectLimit) {
    problems.push(`The subject has ${subject.length} characters; ${subjectLimit} at most are shown.`);
  }
  if (body.trim() === '') {
    problems.push('The text is empty.');
  }
  if (body.length > bodyLimit) {
    problems.push(`The text has ${body.length} characters; ${bodyLimit} at most make sense.`);
  }
  for (const [link] of body.matchAll(linkPattern)) {
    if (!URL.canParse(link) || !new URL(link).hostname.includes('.')) {
      problems.push(`The link ${link.slice(0, 100)} leads nowhere.`);
    }
  }
  return problems;
}
