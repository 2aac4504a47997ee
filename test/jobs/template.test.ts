import { expect, test } from '@jest/globals';
import { compileTemplate, TemplateFailure, TemplateSyntaxError, type RenderFailure } from '../../src/services/drafts/compileTemplate.ts';
import { compileDraftTemplate } from '../../src/services/drafts/draftTemplate.ts';
import { Channel } from '../../src/domain/enums.ts';
import { lintDraft } from '../../src/services/drafts/lintDraft.ts';
import { scopeExpression, toScope } from '../../src/services/drafts/prospectFields.ts';

const id = '01900000-0000-7000-8000-000000000001';

function failureOf(source: string, fields: object): RenderFailure | null {
  try {
    compileTemplate(source).render(toScope(id, { ...fields }));
    return null;
  } catch (error) {
    return (error as TemplateFailure).failure;
  }
}

test.each([
  ['that is null', { bioText: null }],
  ['that is empty', { bioText: '' }],
  ['that is not there', {}],
])('a variable %s is a failure with its name, never a blank', (_, fields) => {
  expect(failureOf('You wrote {{ bioText }}', fields)).toEqual({ code: 'MISSING_VARIABLE', message: 'bioText has no value.', variable: 'bioText' });
});

test('a filter does not hide a missing variable', () => {
  expect(failureOf('{{ bioText | upcase | truncate: 20 }}', {})).toMatchObject({ code: 'MISSING_VARIABLE' });
});

test('the default filter and an if say that a value may be missing', () => {
  const template = compileTemplate('Hi {{ displayName | default: "there" }}{% if bioText %}, {{ bioText }}{% endif %}');

  expect(template.render(toScope(id, { displayName: null, bioText: '' }))).toBe('Hi there');
});

test('an empty list counts as missing', () => {
  expect(failureOf('{{ tags | join: ", " }}', { tags: [] })).toMatchObject({ code: 'MISSING_VARIABLE', variable: 'tags' });
});

test('a field of the profile is named by its path', () => {
  expect(failureOf('{{ profile.username }}', { profile: { username: null } })).toMatchObject({ variable: 'profile.username' });
});

test('only the fields that a template uses are read', () => {
  const { variables } = compileTemplate('{{ displayName }} {{ bioText | default: "" }}');

  expect(scopeExpression(new Set(variables), Channel.EMAIL)).toBe(`json_build_object('displayName', p.display_name, 'bioText', p.bio_text)`);
});

test.each(['{% include "package.json" %}', '{% render "package.json" %}', '{% layout "package.json" %}'])('%s cannot read our files', (source) => {
  expect(() => compileTemplate(source)).toThrow(TemplateSyntaxError);
});

test('a template that would run for ever is a failure, not a hanging worker', () => {
  expect(failureOf('{% for a in (1..100000000) %}{{ a }}{% endfor %}', {})).toMatchObject({ code: 'RENDER_FAILED' });
});

test('a character that a filter cuts in two becomes a whole one, as the database stores it', () => {
  const text = compileTemplate('{{ displayName | slice: 0, 1 }}').render(toScope(id, { displayName: '🦊' }));

  expect(text.isWellFormed()).toBe(true);
});

test('prototypes of the values are out of reach', () => {
  expect(failureOf('{{ displayName.constructor }}', { displayName: 'Ada' })).toMatchObject({ code: 'MISSING_VARIABLE' });
});

test('a subject stays on one line: a break would start another header', () => {
  const template = compileDraftTemplate({ subject: 'For {{ displayName }}', body: 'x' });

  expect(template.renderSubject(toScope(id, { displayName: 'Ada\r\nBcc: all@example.org' }))).toBe('For Ada Bcc: all@example.org');
});

test.each([
  ['', 'Hello', 'The subject is empty.'],
  ['Hello', ' \n', 'The text is empty.'],
  ['x'.repeat(201), 'Hello', 'The subject has 201 characters; 200 at most are shown.'],
  ['Hello', 'See https:///nowhere now', 'The link https:///nowhere leads nowhere.'],
])('the lint finds what is wrong with %j and %j', (subject, body, problem) => {
  expect(lintDraft({ channel: Channel.EMAIL, subject, body })).toEqual([problem]);
});

test('a text without mistakes has no problems', () => {
  expect(lintDraft({ channel: Channel.EMAIL, subject: 'Hello', body: 'See https://example.org/ada, please.' })).toEqual([]);
});

test('time in which this machine did something else is not the template’s', () => {
  const busy = new Int32Array(new SharedArrayBuffer(4));
  let times = 0;
  const scope = {
    get displayName() {
      times += 1;
      if (times === 1) Atomics.wait(busy, 0, 0, 400);
      return 'Ada';
    },
  };

  expect(compileTemplate('{{ displayName }}{% for i in (1..3) %}{{ i }}{% endfor %}').render(scope)).toBe('Ada123');
  expect(times).toBe(2);
});

test('an endless template is', () => {
  const { render } = compileTemplate('{% for i in (1..9000) %}{% for j in (1..9000) %}{{ j }}{% endfor %}{% endfor %}');

  expect(() => render({})).toThrow(/limit exceeded/);
});

test.each([
  ['captures that double', `{% assign x = "aaaaaaaaaa" %}${'{% capture x %}{{ x }}{{ x }}{% endcapture %}'.repeat(40)}{{ x | size }}`],
  ['a long text over and over', '{% for i in (1..500) %}{{ bioText }}{% endfor %}'],
  ['a date of any width', `{{ "now" | date: "%1000000000d" }}`],
])('%s fails before it takes up memory', (_, source) => {
  const before = process.memoryUsage().heapUsed;
  expect(failureOf(source, { bioText: 'x'.repeat(40_000) })).toMatchObject({ code: 'RENDER_FAILED', message: expect.stringContaining('memory alloc limit exceeded') });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
});

test.each([
  ['tags', `${'{% if displayName %}'.repeat(3_000)}${'{% endif %}'.repeat(3_000)}`],
  ['parentheses', `{{ ${'('.repeat(5_000)}1..2${')'.repeat(5_000)} }}`],
  ['names in brackets', `{{ displayName${'[displayName'.repeat(3_000)}${']'.repeat(3_000)} }}`],
])('%s that nest without end do not parse', (_, source) => {
  expect(() => compileTemplate(source)).toThrow(TemplateSyntaxError);
});

test('what is written is what Liquid writes: lists without commas, nothing for nothing', () => {
  const { render } = compileTemplate('{{ tags }}|{{ 1.5 }}|{{ true }}|{{ nil }}|{% capture x %}{{ tags }}{% endcapture %}{{ x }}|{{ empty }}');
  expect(render(toScope(id, { tags: ['a', 'b'] }))).toBe('ab|1.5|true||ab|');
});

test.each(['Hello \ud800', 'Hello \0'])('a text that could not be kept, %j, is no template', (source) => {
  expect(() => compileTemplate(source)).toThrow(TemplateSyntaxError);
});
