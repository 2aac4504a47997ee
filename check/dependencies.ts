/**
 * docs/dependencies.md against the package files: every package has a row that says why it is there, and no row is of
 * something else; every package that would run a script at its installation is approved or refused by name.
 * Usage: node check/dependencies.ts [ROOT]
 */
import { readFileSync } from 'node:fs';

type Packages = Record<string, string | boolean>;
interface Manifest {
  dependencies?: Packages;
  devDependencies?: Packages;
  optionalDependencies?: Packages;
  overrides?: Packages;
  allowScripts?: Packages;
}
interface Lock {
  packages: Record<string, { hasInstallScript?: boolean; /** where it is installed under another one */ name?: string }>;
}

process.chdir(process.argv[2] ?? '.');

const read = <T>(path: string) => JSON.parse(readFileSync(path, 'utf8')) as T;
const problems: string[] = [];

/** Heading → the packages that its table's first column names. */
const documented = new Map(
  readFileSync('docs/dependencies.md', 'utf8').split(/^## /m).slice(1).map((section) => {
    const rows = section.split('\n').filter((line) => line.startsWith('| `')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim()));
    for (const [names, ...cells] of rows) if (cells.some((cell) => cell === '')) problems.push(`${names}: a cell of docs/dependencies.md is empty`);
    return [section.split('\n', 1)[0]!, rows.flatMap(([names]) => [...names!.matchAll(/`([^`]+)`/g)].map(([, name]) => name!))] as const;
  }),
);

function compare(what: string, headings: readonly string[], present: readonly string[]): void {
  const said = headings.flatMap((heading) => documented.get(heading) ?? []);
  for (const name of present) if (!said.includes(name)) problems.push(`${name} (${what}) has no row under ${headings.map((heading) => `"${heading}"`).join(', ')} of docs/dependencies.md`);
  for (const name of said) if (!present.includes(name)) problems.push(`${name} has a row in docs/dependencies.md, and is none of ${what}`);
  for (const name of new Set(said.filter((one, place) => said.indexOf(one) !== place))) problems.push(`${name} has two rows in docs/dependencies.md`);
}

const namesOf = ({ dependencies, devDependencies, optionalDependencies }: Manifest) => Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
const root = read<Manifest>('package.json');
const beside = ['bench', 'test/drift-matrix'];
compare('package.json', ['In the server', 'In the dashboard', 'For building and checking', 'In tests alone', 'The embedded PostgreSQL'], namesOf(root));
compare('the package files beside', ['Beside the product'], beside.flatMap((folder) => namesOf(read<Manifest>(`${folder}/package.json`))));
compare('overrides', ['Overrides'], Object.keys(root.overrides ?? {}));

const scripted = (lock: string) => Object.entries(read<Lock>(lock).packages).filter(([, { hasInstallScript }]) => hasInstallScript).map(([path, { name }]) => name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
compare('the packages with scripts at installation', ['Scripts at installation'], [...new Set(scripted('package-lock.json'))]);
for (const folder of ['.', ...beside]) {
  const { allowScripts = {} } = read<Manifest>(`${folder}/package.json`);
  const present = [...new Set(scripted(`${folder}/package-lock.json`))];
  for (const name of present) if (typeof allowScripts[name] !== 'boolean') problems.push(`${name} runs a script at its installation: allowScripts of ${folder}/package.json says nothing of it`);
  for (const name of Object.keys(allowScripts)) if (!present.includes(name)) problems.push(`${name} stands in allowScripts of ${folder}/package.json, and has no script`);
}

for (const problem of problems) console.log(problem);
console.log(`${namesOf(root).length} packages, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
