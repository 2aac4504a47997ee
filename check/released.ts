/**
 * The emitted schema against that of the last release: nothing that front ends use may go or become narrower. A release
 * copies schema.graphql to test/contract/released.graphql.
 */
import { readFileSync } from 'node:fs';
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { buildSchema } from 'graphql';

const schemaOf = (path: string) => buildSchema(readFileSync(path, 'utf8'));
const changes = await diff(schemaOf('test/contract/released.graphql'), schemaOf('schema.graphql'));
const breaking = changes.filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking);

for (const { message, path } of breaking) console.log(`${path ?? ''} ${message}`);
console.log(`${changes.length} changes since the last release, ${breaking.length} of them breaking`);
process.exit(breaking.length > 0 ? 1 : 0);
