import type { CreateProspectInput, ProspectFactsFragment } from '../../../graphql/graphql.ts';
import type { Edits } from '../../../parts/form/useEdits.ts';

/** What a person may write about a prospect. */
export const editable = ['displayName', 'email', 'profileUrl', 'username', 'bioText', 'tags'] as const;

/** The fields of a prospect as a form has them: the tags one a line. */
export function textsOf(prospect: Pick<ProspectFactsFragment, (typeof editable)[number]>): Record<(typeof editable)[number], string> {
  const { displayName, email, profileUrl, username, bioText, tags } = prospect;
  return { displayName, email: email ?? '', profileUrl: profileUrl ?? '', username: username ?? '', bioText: bioText ?? '', tags: tags.join('\n') };
}

/** The way back, for the fields that were changed: what is empty clears. */
export function valuesOf({ changed, text }: Pick<Edits, 'changed' | 'text'>): Partial<CreateProspectInput> {
  return Object.fromEntries(
    changed.map((name) => {
      const value = name === 'bioText' ? text(name) : text(name).trim();
      if (name !== 'tags') return [name, value.trim() === '' && name !== 'displayName' ? null : value];
      return [name, value.split('\n').map((tag) => tag.trim()).filter((tag) => tag !== '')];
    }),
  );
}
