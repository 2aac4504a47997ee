import { call, constant, type Expression } from './expression.ts';
import { tokensOf, type Token } from './tokens.ts';

const precedence: Record<string, number> = { or: 1, and: 2, is: 4, '<': 5, '>': 5, '=': 5, '<=': 5, '>=': 5, '<>': 5, '+': 8, '-': 8, '*': 9, '/': 9, '%': 9, '^': 10, at: 11, collate: 12 };
const NOT = 3;
const OTHER_OPERATOR = 7;
const SIGN = 13;

/** Functions that are called without brackets. */
const bare = new Set(['current_timestamp', 'current_date', 'current_time', 'localtimestamp', 'localtime', 'current_user', 'session_user', 'user', 'current_role', 'current_catalog', 'current_schema']);
/** Words that cannot begin an expression of a name. */
const reserved = new Set(['when', 'then', 'else', 'end', 'from', 'for', 'in', 'and', 'or', 'is', 'select', 'both', 'leading', 'trailing', 'filter', 'over', 'order']);
/** The second and further words of a type's name. */
const typeTails: Record<string, string[]> = { character: ['varying'], bit: ['varying'], double: ['precision'], timestamp: ['with', 'without', 'time', 'zone'], time: ['with', 'without', 'time', 'zone'] };

/** Reads an expression as PostgreSQL deparses it; null when there is anything in it that is not known here. */
export function readExpression(sql: string): Expression | null {
  const tokens = tokensOf(sql);
  if (!tokens || tokens.length > 2000) return null;
  const reader = new Reader(tokens);
  const expression = reader.expression(0);
  return reader.atEnd ? expression : null;
}

/** Each method answers null, and nothing more is read, once something is not known. */
class Reader {
  readonly #tokens: Token[];
  #at = 0;

  constructor(tokens: Token[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  expression(least: number): Expression | null {
    let left = this.#prefix();
    while (left) {
      const token = this.#peek();
      const own = token && this.#binds(token);
      if (!token || own === undefined || own <= least) break;
      this.#at += 1;
      left = this.#suffix(left, token.text, own);
    }
    return left;
  }

  #binds({ kind, text, quoted }: Token): number | undefined {
    if (kind === 'name') return quoted ? undefined : precedence[text];
    return kind === 'operator' && !/^[()[\],.:]/.test(text) ? (precedence[text] ?? OTHER_OPERATOR) : undefined;
  }

  #suffix(left: Expression, word: string, own: number): Expression | null {
    if (word === 'is') return this.#is(left);
    if (word === 'collate') {
      const name = this.#name();
      return name === null ? null : call('collate', [left], name);
    }
    if (word === 'at') return this.#takes('time') && this.#takes('zone') ? this.#both('timezone', left, this.expression(own)) : null;
    for (const quantifier of ['any', 'all']) {
      if (this.#takes(quantifier)) return this.#takes('(') ? this.#closed(this.#both(`${quantifier} ${word}`, left, this.expression(0))) : null;
    }
    return this.#both(word, left, this.expression(own));
  }

  #is(left: Expression): Expression | null {
    const negated = this.#takes('not');
    const test = this.#isTest(left);
    return test && negated ? call('not', [test]) : test;
  }

  #isTest(left: Expression): Expression | null {
    if (this.#takes('null')) return call('is null', [left]);
    if (this.#takes('true')) return call('is true', [left]);
    if (this.#takes('false')) return call('is false', [left]);
    if (this.#takes('unknown')) return call('is null', [left]);
    return this.#takes('distinct') && this.#takes('from') ? this.#both('is distinct', left, this.expression(precedence['is'] ?? 0)) : null;
  }

  #prefix(): Expression | null {
    let inner = this.#primary();
    for (;;) {
      if (!inner) return null;
      if (this.#takes('::')) {
        const type = this.#type();
        inner = type === null ? null : call('cast', [inner], type);
      } else if (this.#takes('[')) inner = this.#closed(this.#both('subscript', inner, this.expression(0)), ']');
      else return inner;
    }
  }

  #primary(): Expression | null {
    const token = this.#peek();
    if (!token) return null;
    this.#at += 1;
    const { kind, text, quoted } = token;
    if (kind === 'string') return constant(text, null);
    if (kind === 'number') return constant(text, /^\d+$/.test(text) ? 'integer' : 'numeric');
    if (kind === 'operator') {
      if (text === '(') return this.#closed(this.expression(0));
      return text === '-' ? this.#one('-', this.expression(SIGN)) : null;
    }
    if (quoted) return this.#named(text);
    if (text === 'not') return this.#one('not', this.expression(NOT));
    if (text === 'true' || text === 'false') return constant(text, 'boolean');
    if (text === 'null') return constant(null, null);
    if (text === 'case') return this.#case();
    if (text === 'array') return this.#takes('[') ? this.#list('array', ']') : null;
    if (bare.has(text)) return this.#takes('(') ? this.#list(text, ')') : call(text, []);
    return reserved.has(text) ? null : this.#named(text);
  }

  /** a column, or a function with its arguments */
  #named(first: string): Expression | null {
    let name = first;
    while (this.#takes('.')) {
      const part = this.#name();
      if (part === null) return null;
      name = `${name}.${part}`;
    }
    if (this.#takes('(')) return this.#list(name, ')');
    return { kind: 'column', name };
  }

  #case(): Expression | null {
    const args: Expression[] = [];
    const subject = this.#peek()?.text === 'when' ? null : this.expression(0);
    while (this.#takes('when')) {
      const condition = this.expression(0);
      const value = condition && this.#takes('then') ? this.expression(0) : null;
      if (!condition || !value) return null;
      args.push(subject ? call('=', [subject, condition]) : condition, value);
    }
    const otherwise = this.#takes('else') ? this.expression(0) : constant(null, null);
    return args.length > 0 && otherwise && this.#takes('end') ? call('case', [...args, otherwise]) : null;
  }

  #list(name: string, end: string): Expression | null {
    const args: Expression[] = [];
    if (this.#takes(end)) return call(name, args);
    do {
      const item = this.expression(0);
      if (!item) return null;
      args.push(item);
    } while (this.#takes(','));
    return this.#takes(end) ? call(name, args) : null;
  }

  /** such as character varying(20)[], timestamp(3) with time zone, pgboss.job_state */
  #type(): string | null {
    const first = this.#name();
    if (first === null) return null;
    let type = first;
    while (this.#takes('.')) type += `.${this.#name()}`;
    const tails = typeTails[first] ?? [];
    for (;;) {
      const token = this.#peek();
      if (token?.kind === 'name' && tails.includes(token.text)) {
        type += ` ${token.text}`;
        this.#at += 1;
      } else if (token?.text === '(' && this.#tokens[this.#at + 1]?.kind === 'number') {
        const end = this.#tokens.findIndex(({ text }, index) => index > this.#at && text === ')');
        type += this.#tokens.slice(this.#at, end + 1).map(({ text }) => text).join('');
        this.#at = end + 1;
      } else if (token?.text === '[' && this.#tokens[this.#at + 1]?.text === ']') {
        type += '[]';
        this.#at += 2;
      } else return type;
    }
  }

  #name(): string | null {
    const token = this.#peek();
    if (token?.kind !== 'name') return null;
    this.#at += 1;
    return token.text;
  }

  #one(name: string, inner: Expression | null): Expression | null {
    return inner && call(name, [inner]);
  }

  #both(name: string, left: Expression | null, right: Expression | null): Expression | null {
    return left && right && call(name, [left, right]);
  }

  #closed(inner: Expression | null, end = ')'): Expression | null {
    return inner && this.#takes(end) ? inner : null;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  #takes(text: string): boolean {
    const token = this.#peek();
    if (!token || token.quoted || token.text !== text) return false;
    this.#at += 1;
    return true;
  }
}
