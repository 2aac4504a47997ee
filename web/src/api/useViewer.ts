import { useQuery } from 'urql';
import { type Role, ViewerDocument } from '../graphql/graphql.ts';

const order: readonly Role[] = ['VIEWER', 'OPERATOR', 'ADMIN'];

/** Who is signed in, and whether they may do what needs a role. As long as that is not known, everything seems allowed: the server decides. */
export function useViewer() {
  const [{ data }] = useQuery({ query: ViewerDocument, requestPolicy: 'cache-first' });
  const viewer = data?.viewer ?? null;
  return { viewer, may: (role: Role) => viewer === null || order.indexOf(viewer.role) >= order.indexOf(role) };
}
