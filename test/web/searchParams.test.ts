import { parseSearch, stringifySearch } from '../../web/src/searchParams.ts';

describe('the parameters of an address', () => {
  it('come back as they were written, lists and long numbers included', () => {
    const search = { search: '9007199254740993', stage: ['DISCOVERED', 'REVIEWED'], after: 'a+b/c=&d' };
    expect(parseSearch(stringifySearch(search))).toEqual(search);
  });

  it('leave out what is not set', () => {
    expect(stringifySearch({ search: '', stage: undefined, after: null })).toBe('');
  });
});
