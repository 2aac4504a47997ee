import type { Change, Expectation } from '../change.ts';
import { quoted, type Inventory } from '../inventory.ts';
import { SERVER } from '../roles.ts';

/** Functions: gone, of another body, rights or volatility; and the same with other blanks, costs or comments. */
export function* functionChanges({ functions }: Inventory): Generator<Change> {
  for (const { id, signature, definition, language, volatility, strict, securityDefiner, returns, body, arguments: args, name } of functions) {
    const object = `${id}(${args})`;
    const make = (change: string, sql: string[], expected: Expectation | null): Change => ({ class: 'function', object, change, sql, expected });
    const wrong: Expectation = { kind: 'FUNCTION', object, atLeast: 'LATENT' };
    const alter = `alter function ${signature}`;
    yield make('drop', [`drop function ${signature} cascade`], wrong);
    yield make('rename', [`${alter} rename to renamed`], { ...wrong, beside: ['TRIGGER', 'COLUMN_GENERATED', 'COLUMN_DEFAULT', 'CHECK', 'INDEX'] });
    yield make('move', ['create schema archive', `${alter} set schema archive`], { ...wrong, beside: ['TRIGGER', 'COLUMN_GENERATED', 'COLUMN_DEFAULT', 'CHECK', 'INDEX'] });
    yield make(securityDefiner ? 'security invoker' : 'security definer', [`${alter} security ${securityDefiner ? 'invoker' : 'definer'}`], wrong);
    for (const [letter, word] of Object.entries({ i: 'immutable', s: 'stable', v: 'volatile' })) {
      if (letter !== volatility) yield make(word, [`${alter} ${word}`], wrong);
    }
    yield make(strict ? 'called on null' : 'strict', [`${alter} ${strict ? 'called on null input' : 'strict'}`], wrong);
    yield make('search_path', [`${alter} set search_path = archive`], wrong);
    if (language === 'plpgsql') {
      yield make('another body', [definition.replace(/\bbegin\b/i, 'begin perform 1;')], wrong);
      yield make('does nothing', [returns === 'trigger' ? replaceBody(definition, body, 'begin return new; end') : replaceBody(definition, body, 'begin return; end')], wrong);
      yield make('other blanks', [replaceBody(definition, body, body.replaceAll('\n', '\n   '))], null);
      yield make('one comment more', [replaceBody(definition, body, `-- looked at\n${body}`)], null);
    } else if (!/^\s*(RETURN|BEGIN ATOMIC)/.test(body)) {
      yield make('another body', [replaceBody(definition, body, `${body.replace(/;?\s*$/, '')} limit 1`)], wrong);
      yield make('other blanks', [replaceBody(definition, body, `\n\n${body}\n`)], null);
    } else if (returns === 'tsvector' || returns === 'text') {
      yield make('another body', [definition.replace(body, body.replace(/^\s*RETURN/, 'RETURN nullif(null, \'\') ||'))], wrong);
    }
    yield make('cost', [`${alter} cost 7`], null);
    yield make('comment', [`comment on function ${signature} is 'looked at'`], null);
    yield make('recreate', [definition], null);
    yield make('grants', [`grant execute on function ${signature} to ${SERVER}`], null);
    if (!/\bjob\b/.test(args)) yield make('of the same name elsewhere', ['create schema archive', definition.replace(/FUNCTION \S+?\(/, `FUNCTION archive.${quoted(name)}(`)], null);
  }
  yield { class: 'function', object: 'public', change: 'one more', sql: ['create function public.stranger() returns int language sql return 1'], expected: null };
}

function replaceBody(definition: string, body: string, other: string): string {
  return definition.replace(body, () => other);
}
