/** What a statement makes or takes away, by the names of the expected catalog. */
export interface Part {
  of: 'object' | 'routine' | 'column' | 'part';
  /** "jobs", "job_status", "keep_text", "jobs.cost", "jobs#jobs_status" */
  name: string;
}

/** A statement, or one clause of an ALTER TABLE, which may be executed without the others. */
export interface Clause {
  makes: Part | null;
  removes: Part | null;
  /** it says nothing where that is there already */
  repeatable: boolean;
  /** rows or their values may go with it */
  drops: boolean;
  sql: string;
}

/** Whether the part went with what was taken away: with a column goes all that rests on it. */
export function wentWith({ of, name }: Part, removed: readonly Part[]): boolean {
  const table = name.slice(0, name.lastIndexOf('#') + 1).replace('#', '.');
  return removed.some((part) => part.name === name || (of === 'part' && part.of === 'column' && part.name.startsWith(table)));
}

const identifier = String.raw`(?:"(?:[^"]|"")+"|\w+)`;
const qualified = `(${identifier}(?:\\.${identifier})?)`;
const pattern = (text: string) => new RegExp(`^\\s*${text.replaceAll(' ', '\\s+').replaceAll('NAME', qualified)}`, 'is');

const table = pattern('alter table (?:only )?(?:if exists )?NAME ');
const object = pattern('create (?:unlogged )?(?:materialized )?(?:table|type|view|sequence|domain) (?:if not exists )?NAME');
const routine = pattern('create (or replace )?(?:function|procedure) NAME');
const onTable = pattern('create (?:(?:unique )?index (?:concurrently )?|(?:or replace )?(?:constraint )?trigger )(?:if not exists )?NAME\\s.*?\\bon (?:only )?NAME');
const droppedTrigger = pattern('drop trigger (?:if exists )?NAME on NAME');
const constraint = pattern('(?:add|drop) constraint (?:if (?:not )?exists )?NAME');
const column = pattern('(?:add|drop) (?:column )?(?:if (?:not )?exists )?(?!(?:constraint|primary|unique|foreign|check|exclude)\\b)NAME');

/**
 * The clauses of a statement of a migration; a single one but for an ALTER TABLE of several. Names are as they
 * stand there; with the name of the main schema they are without it and without quotes.
 */
export function clausesOf(statement: string, main: string | null): Clause[] {
  const name = (text = '') => (main === null ? text : unquoted(text).replace(new RegExp(`^${main}\\.`), ''));
  const [head, altered] = table.exec(statement) ?? [];
  if (head !== undefined) return clausesWithin(statement.slice(head.length)).map((clause) => clauseOf(clause, name(altered), `${head.trim()} ${clause}`));
  const repeatable = /^\s*create\s[^(]*?\b(if\s+not\s+exists|or\s+replace)\b/i.test(statement);
  return [{ makes: madeBy(statement, name), removes: removedBy(statement, name), repeatable, drops: /^\s*(drop|delete|truncate)\b/i.test(statement), sql: statement }];
}

/** A trigger that is made anew in another way bears its name again; nothing else is taken away and made again. */
function removedBy(statement: string, name: (text?: string) => string): Part | null {
  const [, trigger, owner] = droppedTrigger.exec(statement) ?? [];
  return owner === undefined ? null : { of: 'part', name: `${name(owner)}#${unquoted(trigger)}` };
}

function madeBy(statement: string, name: (text?: string) => string): Part | null {
  const [, place, owner] = onTable.exec(statement) ?? [];
  if (owner !== undefined) return { of: 'part', name: `${name(owner)}#${unquoted(place)}` };
  const [, , called] = routine.exec(statement) ?? [];
  if (called !== undefined) return { of: 'routine', name: name(called) };
  const [, made] = object.exec(statement) ?? [];
  return made === undefined ? null : { of: 'object', name: name(made) };
}

function clauseOf(clause: string, owner: string, sql: string): Clause {
  const part = partIn(clause, owner);
  const [isAdded, isDropped] = [/^add\b/i.test(clause), /^drop\b/i.test(clause)];
  const repeatable = /^add\s+(column\s+)?if\s+not\s+exists\b/i.test(clause);
  return { makes: isAdded ? part : null, removes: isDropped ? part : null, repeatable, drops: isDropped && part?.of === 'column', sql };
}

function partIn(clause: string, owner: string): Part | null {
  const ofConstraint = constraint.exec(clause)?.[1];
  if (ofConstraint !== undefined) return { of: 'part', name: `${owner}#${unquoted(ofConstraint)}` };
  const ofColumn = column.exec(clause)?.[1];
  return ofColumn === undefined ? null : { of: 'column', name: `${owner}.${unquoted(ofColumn)}` };
}

function unquoted(text = ''): string {
  return text.replaceAll('"', '');
}

/** Cut at the commas that stand neither in brackets nor in quotes. */
function clausesWithin(text: string): string[] {
  const tokens = text.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$.*?\$\1\$|[()[\],]|[^'"()[\],$]+|\$/gs) ?? [];
  const clauses = [''];
  let depth = 0;
  for (const token of tokens) {
    if (/^[([]$/.test(token)) depth++;
    if (/^[)\]]$/.test(token)) depth--;
    if (token === ',' && depth === 0) clauses.push('');
    else clauses[clauses.length - 1] += token;
  }
  return clauses.map((clause) => clause.trim());
}
