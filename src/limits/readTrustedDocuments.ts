import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { ConfigurationError } from '../config/ConfigurationError.ts';
import { TrustedDocuments } from './TrustedDocuments.ts';

const apolloManifest = z.object({ format: z.literal('apollo-persisted-query-manifest'), operations: z.array(z.object({ id: z.string(), body: z.string() })) });
const texts = z.array(z.string());
/** as Relay's and GraphQL Code Generator's: { id: text } */
const textsById = z.record(z.string(), z.string());

const manifest = z.union([
  apolloManifest.transform(({ operations }) => operations.map(({ id, body }) => ({ id, text: body }))),
  texts.transform((list) => list.map((text) => ({ id: undefined, text }))),
  textsById.transform((byId) => Object.entries(byId).map(([id, text]) => ({ id, text }))),
]);

/**
 * The documents of the dashboard, and those of a file of the operator's.
 *
 * @param setting "dashboard", or the path of the file: a list of texts, texts by id, or the manifest of Apollo's clients
 * @param ofDashboard the path of the file that the dashboard's build writes
 * @throws {ConfigurationError} a file that cannot be read, or is none of these
 */
export function readTrustedDocuments(setting: string, ofDashboard: string): TrustedDocuments {
  const documents = new TrustedDocuments();
  addFile(documents, ofDashboard, `Build the dashboard (npm run build), whose documents TRUSTED_DOCUMENTS needs`);
  if (setting !== 'dashboard') addFile(documents, setting, 'Set TRUSTED_DOCUMENTS to "dashboard" or to the path of a JSON file of documents');
  return documents;
}

function addFile(documents: TrustedDocuments, path: string, remedy: string): void {
  const refuse = (why: string) => new ConfigurationError(`${remedy}: ${path} ${why}.`);
  const entries = manifest.safeParse(readJson(path, refuse));
  if (!entries.success) throw refuse('is no list of texts, no object of texts by id, and no manifest of Apollo');
  for (const [index, { id, text }] of entries.data.entries()) {
    try {
      documents.add(text, id);
    } catch (error) {
      throw refuse(`has at ${id ?? index} what cannot be taken (${(error as Error).message.replace(/\.$/, '')})`);
    }
  }
}

function readJson(path: string, refuse: (why: string) => ConfigurationError): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw refuse(`cannot be read (${(error as NodeJS.ErrnoException).code})`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw refuse('is not valid JSON');
  }
}
