import { createHash } from 'node:crypto';
import { type DocumentNode, Kind, print } from 'graphql';
import type { Plugin } from 'vite';
import * as generated from './src/graphql/graphql.ts';

/**
 * Writes trusted-documents.json beside the pages: every operation that they import, in the format of Apollo's manifests. A
 * server that runs known documents only (TRUSTED_DOCUMENTS) reads it.
 */
export function trustedDocuments(): Plugin {
  return {
    name: 'trusted-documents',
    apply: 'build',
    generateBundle() {
      const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations: Object.values<DocumentNode>(generated).flatMap(entryOf) };
      this.emitFile({ type: 'asset', fileName: 'trusted-documents.json', source: JSON.stringify(manifest, null, 1) });
    },
  };
}

/** None of a fragment, which its operations include. */
function entryOf(document: DocumentNode): { id: string; name: string; type: string; body: string }[] {
  const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
  if (!operation) return [];
  const body = print(document);
  return [{ id: createHash('sha256').update(body).digest('hex'), name: operation.name?.value ?? '', type: operation.operation, body }];
}
