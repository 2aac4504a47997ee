import type { ClientBase } from 'pg';
import type { LiveCatalog } from '../catalog.ts';
import type { Finding } from '../finding.ts';

export async function proveSpellings(_client: ClientBase, findings: Finding[], _live: LiveCatalog): Promise<Finding[]> {
  return findings;
}
