import type { Known } from './defaultTabs.ts';

const document = `{
  prospects(first: 3, filter: { reviewStatus: [APPROVED] }) { nodes { id } }
  jobs(first: 1, filter: { type: [DRAFT] }) { nodes { id } }
}`;

interface Answer {
  data?: { prospects: Nodes | null; jobs: Nodes | null } | null;
}
interface Nodes {
  nodes: { id: string }[];
}

/** Nothing is known to whoever is not signed in, and where it cannot be read: then the tabs say what is to be filled in. */
export async function readKnown(path: string): Promise<Known> {
  const { data } = await read(path).catch((): Answer => ({}));
  return { approvedProspects: data?.prospects?.nodes.map(({ id }) => id) ?? [], draftJob: data?.jobs?.nodes[0]?.id };
}

async function read(path: string): Promise<Answer> {
  const response = await fetch(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: document }) });
  return (await response.json()) as Answer;
}
