import jobProgress from './tabs/jobProgress.graphql?raw';
import prospects from './tabs/prospects.graphql?raw';
import schemaHealth from './tabs/schemaHealth.graphql?raw';
import startDraftJob from './tabs/startDraftJob.graphql?raw';

/** Ids that the first tabs can be run with. */
export interface Known {
  approvedProspects: readonly string[];
  draftJob: string | undefined;
}

/**
 * What a front-end developer does first: a page of prospects, a draft job and its live progress, the state of the schema.
 * The first has no variables, because GraphiQL does not show those of the first tab.
 */
export function defaultTabs({ approvedProspects, draftJob }: Known): { query: string; variables?: string }[] {
  return [
    { query: prospects },
    {
      query: startDraftJob,
      variables: json({
        input: {
          prospectIds: approvedProspects.length > 0 ? approvedProspects : ['the id of an approved prospect'],
          subjectTemplate: 'A question about {{ displayName }}',
          bodyTemplate: 'Hello {{ username | default: "there" }},\n\nmay I ask you about {{ displayName }}?',
        },
      }),
    },
    { query: jobProgress, variables: json({ id: draftJob ?? 'the id of a job' }) },
    { query: schemaHealth },
  ];
}

const json = (variables: object): string => JSON.stringify(variables, null, 2);
