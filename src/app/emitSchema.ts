import { writeFileSync } from 'node:fs';
import { lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchema } from './buildSchema.ts';

writeFileSync('schema.graphql', `${printSchema(lexicographicSortSchema(buildSchema()))}\n`);
