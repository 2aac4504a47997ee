import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { readDockerfile, textsOf } from './dockerfile.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
/** Those that src/config/variables.ts reads. */
const variables = new Set([...read('src/config/variables.ts').matchAll(/^ {2}([A-Z][A-Z_]+): z[.\n]|^ {2}([A-Z][A-Z_]+): [a-zA-Z]+\b.*,$/gm)].map((match) => match[1] ?? match[2]!));
const commands = [...read('src/cli/program.ts').matchAll(/^ {2}(\w+): async \(\) =>/gm)].map((match) => match[1]!);
/** The longest that a server takes from SIGTERM to its end, besides DRAIN_SECONDS: sockets 1 s, requests 20 s, a repair 5 s. */
const longestEnd = 26;

test('the sources name the variables and commands that these tests compare with', () => {
  expect([...variables]).toEqual(expect.arrayContaining(['DATABASE_URL', 'SECRET_KEY', 'OUTRIDER_TOKEN', 'DRAIN_SECONDS', 'PORT', 'HOST', 'LOG_LEVEL']));
  expect(commands).toEqual(expect.arrayContaining(['serve', 'worker', 'migrate']));
});

test('the image: two stages, the Node.js of package.json, a user who is not root, a health check, and no secret', () => {
  const [head = [], build = [], last = [], ...more] = readDockerfile();
  expect(more).toEqual([]);
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
  expect(textsOf(head, 'ARG')).toEqual([`NODE_VERSION=${devDependencies['node']}`]);
  expect(textsOf(build, 'RUN').join('\n')).toContain('npm run build');
  expect(textsOf(last, 'USER')).toEqual(['1000:1000']);
  expect(textsOf(last, 'RUN')).toEqual([]);
  for (const copied of textsOf(last, 'COPY')) expect(copied).toMatch(/^--from=build /);
  expect(textsOf(last, 'HEALTHCHECK')[0]).toContain('/health/live');
  expect(textsOf(last, 'ENTRYPOINT')).toEqual(['["node", "dist/index.js"]']);
  expect(commands).toContain((JSON.parse(textsOf(last, 'CMD')[0]!) as string[])[0]);
  expect([...build, ...last].filter(({ name, text }) => /^(ARG|ENV)$/.test(name) && /SECRET|TOKEN|PASSWORD|DATABASE_URL/.test(text))).toEqual([]);
});

test('only what the build reads is sent to it', () => {
  const [first, ...allowed] = read('.dockerignore').trim().split('\n');
  expect(first).toBe('*');
  expect(allowed.filter((line) => !line.startsWith('!'))).toEqual([]);
  expect(allowed.filter((line) => /\.git|\.env|\.data|node_modules|dist|test/.test(line))).toEqual([]);
});

interface Service {
  command?: string[];
  read_only?: boolean;
  cap_drop?: string[];
  stop_grace_period?: string;
  environment?: Record<string, string>;
  deploy?: { replicas: number };
  depends_on?: Record<string, { condition: string }>;
}

test('compose: PostgreSQL, the migration as a step of its own, two servers and two workers, every secret from outside', () => {
  const { services } = parse(read('compose.yaml'), { merge: true }) as { services: Record<string, Service> };
  expect(Object.keys(services)).toEqual(['postgres', 'migrate', 'serve', 'worker']);
  const { postgres, ...ours } = services;
  expect(ours['migrate']!.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
  for (const [name, service] of Object.entries(ours)) {
    expect(service.command).toEqual([name]);
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
    expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThanOrEqual(Number(drainOfImage()) + longestEnd);
    expect(Object.keys(service.environment!).filter((variable) => !variables.has(variable))).toEqual([]);
  }
  for (const name of ['serve', 'worker']) {
    expect(ours[name]).toMatchObject({ deploy: { replicas: 2 }, depends_on: { migrate: { condition: 'service_completed_successfully' } } });
  }
  for (const secret of [ours['serve']!.environment!['SECRET_KEY'], ours['serve']!.environment!['OUTRIDER_TOKEN'], postgres!.environment!['POSTGRES_PASSWORD']]) {
    expect(secret).toMatch(/^\$\{[A-Z_]+:\?/);
  }
});

interface Container {
  args: string[];
  image: string;
  env?: object[];
  envFrom: object[];
  securityContext: object;
  readinessProbe?: { httpGet: { path: string } };
  livenessProbe?: { httpGet: { path: string } };
  ports?: { name: string }[];
}
interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec: {
    replicas?: number;
    selector?: { matchLabels?: object };
    strategy?: object;
    ports?: { targetPort: string }[];
    template: { metadata: { labels: object }; spec: { containers: Container[]; securityContext: object; terminationGracePeriodSeconds?: number; automountServiceAccountToken: boolean } };
  };
}
const folder = 'deploy/kubernetes';
const manifests = readdirSync(join(root, folder)).filter((name) => name !== 'kustomization.yaml')
  .flatMap((name) => parseAllDocuments(read(join(folder, name))).map((document) => document.toJS() as Manifest));
const one = (kind: string, name: string) => manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name)!;

test('kustomize takes every manifest', () => {
  const { resources } = parse(read(join(folder, 'kustomization.yaml'))) as { resources: string[] };
  expect(resources.toSorted()).toEqual(readdirSync(join(root, folder)).filter((name) => name !== 'kustomization.yaml').toSorted());
  expect(manifests.map(({ kind }) => kind)).not.toContain('Secret');
  const { error, status, stderr } = spawnSync('kubectl', ['kustomize', folder], { cwd: root, encoding: 'utf8' });
  if (error) console.warn('Not tried with kubectl, which is not installed.');
  else expect([status, stderr]).toEqual([0, '']);
});

test.each(['Job outrider-migrate', 'Deployment outrider-serve', 'Deployment outrider-worker'])('%s runs without rights, with its secrets by reference', (which) => {
  const [kind, name] = which.split(' ') as [string, string];
  const { spec } = one(kind, name).spec.template;
  expect(spec).toMatchObject({ automountServiceAccountToken: false, securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } } });
  expect(spec.containers).toEqual([
    expect.objectContaining({
      args: [name.replace('outrider-', '')],
      image: 'outrider',
      envFrom: [{ configMapRef: { name: 'outrider' } }, { secretRef: { name: 'outrider' } }],
      securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    }),
  ]);
  expect(spec.containers[0]!.env).toBeUndefined();
});

test('a rolling update keeps both servers until the new one is ready, and gives each the time to end', () => {
  const configuration = one('ConfigMap', 'outrider').data!;
  expect(Object.keys(configuration).filter((variable) => !variables.has(variable))).toEqual([]);
  const { spec } = one('Deployment', 'outrider-serve');
  expect(spec).toMatchObject({ replicas: 2, strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } } });
  expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(Number(configuration['DRAIN_SECONDS']) + longestEnd);
  const [container] = spec.template.spec.containers;
  expect(container!.readinessProbe!.httpGet.path).toBe('/health/ready');
  expect(container!.livenessProbe!.httpGet.path).toBe('/health/live');
  expect(one('Service', 'outrider').spec.ports![0]!.targetPort).toBe(container!.ports![0]!.name);
  expect(one('Service', 'outrider').spec.selector).toEqual(spec.template.metadata.labels);
  for (const name of ['outrider-serve', 'outrider-worker']) {
    const { selector, template } = one('Deployment', name).spec;
    expect(selector!.matchLabels).toEqual(template.metadata.labels);
    expect(one('PodDisruptionBudget', name).spec.selector!.matchLabels).toEqual(template.metadata.labels);
  }
});

test('Procfile and render.yaml migrate before a release, and start commands that exist', () => {
  const procfile = new Map(read('Procfile').trim().split('\n').map((line) => line.split(/: /, 2) as [string, string]));
  expect([...procfile.keys()]).toEqual(['release', 'web', 'worker']);
  expect(procfile.get('release')).toBe('node dist/index.js migrate');
  expect(procfile.get('web')).toContain('HOST=0.0.0.0');
  const { services } = parse(read('render.yaml')) as { services: { type: string; preDeployCommand?: string; startCommand: string; healthCheckPath?: string; maxShutdownDelaySeconds: number }[] };
  expect(services.map(({ type }) => type)).toEqual(['web', 'worker']);
  expect(services[0]).toMatchObject({ preDeployCommand: 'node dist/index.js migrate', healthCheckPath: '/health/ready' });
  expect(services[0]!.maxShutdownDelaySeconds).toBeGreaterThanOrEqual(10 + longestEnd);
  for (const command of [...procfile.values(), ...services.map(({ startCommand }) => startCommand)]) expect(commands).toContain(/dist\/index\.js (\w+)$/.exec(command)?.[1]);
});

interface Workflow {
  permissions: object;
  jobs: Record<string, { needs?: string; permissions?: Record<string, string>; steps: { uses?: string; run?: string; with?: object }[] }>;
}

test('a release is tested first, with the least rights and pinned actions, and says where it came from', () => {
  const text = read('.github/workflows/release.yml');
  const { permissions, jobs } = parse(text) as Workflow;
  expect(permissions).toEqual({ contents: 'read' });
  expect(Object.keys(jobs)).toEqual(['test', 'npm', 'image']);
  expect(jobs['test']!.permissions).toBeUndefined();
  expect(jobs['test']!.steps.some(({ run }) => run === '.ci/run')).toBe(true);
  for (const name of ['npm', 'image']) expect(jobs[name]!.needs).toBe('test');
  expect(jobs['npm']!.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
  const runs = jobs['npm']!.steps.map(({ run }) => run);
  expect(runs.some((run) => run?.startsWith('npm publish --provenance'))).toBe(true);
  expect(runs.findIndex((run) => run?.startsWith('npm audit'))).toBeGreaterThan(-1);
  expect(runs.findIndex((run) => run?.startsWith('npm audit'))).toBeLessThan(runs.findIndex((run) => run?.startsWith('npm publish')));
  expect(runs).toContain('npm run sbom');
  expect(jobs['image']!.permissions).toEqual({ contents: 'read', packages: 'write', attestations: 'write', 'id-token': 'write' });
  expect(jobs['image']!.steps.find(({ uses }) => uses?.startsWith('docker/build-push-action@'))!.with).toMatchObject({ push: true, provenance: 'mode=max', sbom: true });
  const used = text.split('\n').filter((line) => /\buses:/.test(line));
  expect(used.length).toBeGreaterThan(5);
  expect(used.filter((line) => !/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line))).toEqual([]);
  expect(text).not.toMatch(/secrets\./);
});

function drainOfImage(): string | undefined {
  return /DRAIN_SECONDS=(\d+)/.exec(textsOf(readDockerfile().at(-1)!, 'ENV')[0]!)?.[1];
}
