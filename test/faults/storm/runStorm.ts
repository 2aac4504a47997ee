import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Audience } from './Audience.ts';
import { runCampaign, type People } from './campaign.ts';
import { checkInvariants, type Findings } from './checkInvariants.ts';
import { Client } from './Client.ts';
import { awayWithPostgres, faults } from './faults.ts';
import { Ledger } from './Ledger.ts';
import { Random } from './random.ts';
import type { Site } from './Site.ts';

export interface StormOptions {
  seed: number;
  /** ends with the first fault after so long */
  seconds: number;
  /** or once each kind was injected so often */
  rounds?: number;
  /** all unless told */
  kinds?: readonly string[];
  /** how late the service may be after PostgreSQL is back (ms); 10 s unless told */
  lateMs?: number;
  say?: (line: string) => void;
}

export interface Recovery {
  kind: string;
  /** ms from the end of the cause until every server had answered a mutation; null: not within a minute and a half */
  serviceMs: number | null;
  /** ms until PostgreSQL let in a client that did nothing else than try, in the same moments */
  acceptedMs: number;
  /** and until a job that was started then had ended */
  workMs: number | null;
}

export interface StormReport {
  seed: number;
  seconds: number;
  faults: Record<string, number>;
  recoveries: Recovery[];
  campaigns: number;
  conflicts: number;
  jobsWatched: number;
  subscribers: number;
  /** of all subscribers */
  events: number;
  findings: Findings;
}

const patience = 90_000;
const betweenCampaigns = 2_000;

/** Throws faults at a site while people work with it, lets it settle, and checks that nothing was lost or done twice. */
export async function runStorm(site: Site, { seed, seconds, rounds = Infinity, kinds = Object.keys(faults), lateMs, say = () => {} }: StormOptions): Promise<StormReport> {
  const random = new Random(seed);
  // Traffic must not take numbers from the sequence of the faults, or no seed would repeat it.
  const client = new Client(site, new Random(seed + 1));
  const ledger = new Ledger();
  const audience = new Audience(site, ledger);
  const unwatch = ledger.watchAll(site);
  const run = randomUUID().slice(0, 6);
  const started = performance.now();
  const traffic = startTraffic({ client, ledger, audience }, run);
  const injected: Record<string, number> = {};
  const recoveries: Recovery[] = [];
  const isOver = () => performance.now() - started > seconds * 1_000;
  for (let round = 0; round < rounds && !isOver(); round += 1) {
    for (const kind of random.shuffle(kinds)) {
      if (isOver()) break;
      await sleep(random.between(500, 2_500));
      await faults[kind]!(site, random, client).catch((error: Error) => site.complaints.push(`${kind}: ${error.message}`));
      injected[kind] = (injected[kind] ?? 0) + 1;
      const recovery = await recover(site, client, ledger, `probe-${run}-${recoveries.length}`);
      recoveries.push({ kind, ...recovery });
      say(`${((performance.now() - started) / 1_000).toFixed(0)} s  ${kind}: PostgreSQL ${inSeconds(recovery.acceptedMs)}, service ${inSeconds(recovery.serviceMs)}, work ${inSeconds(recovery.workMs)}`);
    }
  }
  const lasted = Math.round((performance.now() - started) / 1_000);
  await traffic.stop();
  await settle(site, say);
  await audience.close(20_000);
  await unwatch();
  const findings = await checkInvariants((text, values) => site.query(text, values), site.mail.received, ledger);
  const unasked = site.processes.flatMap((one) => one.unasked);
  const late = recoveries.filter(({ workMs }) => workMs === null).map(({ kind }) => `after "${kind}" no work was done for ${patience / 1_000} s`);
  findings.broken.push(...site.complaints, ...unasked, ...late, ...findSlow(recoveries, lateMs));
  return { seed, seconds: lasted, faults: injected, recoveries, ...ledger.counts, findings };
}

/** Above `lateMs` the service is late after a PostgreSQL that was away: an invariant, counted from when it lets anybody in. */
export function findSlow(recoveries: readonly Recovery[], lateMs = 10_000): string[] {
  return recoveries
    .filter(({ kind, serviceMs, acceptedMs }) => awayWithPostgres.includes(kind) && (serviceMs ?? Infinity) - acceptedMs > lateMs)
    .map(({ kind, serviceMs, acceptedMs }) => `after "${kind}" the service was back ${inSeconds(serviceMs)} after the fault, and PostgreSQL after ${inSeconds(acceptedMs)}`);
}

/** Two campaigns at a time, one after another. */
function startTraffic(people: People, run: string): { stop(): Promise<void> } {
  let stopped = false;
  const loop = async (name: string) => {
    for (let number = 1; !stopped; number += 1) {
      await runCampaign(people, `${run}${name}${number}`).catch((error: Error) => people.ledger.complaints.push(error.stack ?? error.message));
      await sleep(betweenCampaigns);
    }
  };
  const loops = [loop('a'), loop('b')];
  return {
    async stop() {
      stopped = true;
      await Promise.all(loops);
    },
  };
}

/** Starts what was killed, and measures until all servers take a mutation and a new job has ended. */
async function recover(site: Site, client: Client, ledger: Ledger, name: string): Promise<Omit<Recovery, 'kind'>> {
  const gone = performance.now();
  let acceptedMs = 0;
  const accepted = site.acceptance().then(() => {
    acceptedMs = performance.now() - gone;
  });
  await site.revive();
  const ids = await Promise.all(site.servers.map(async ({ url }, index) => {
    const profileUrl = `https://${name}-${index}.example/`;
    const input = { displayName: name, profileUrl, email: `p@${name}-${index}.example` };
    const answer = await client.insist('createProspect', 'CreateProspectInput', input, 'prospect { id }', { url: url!, timeoutMs: patience });
    if (answer) ledger.created.push(profileUrl);
    return answer?.['prospect']?.id as string | undefined;
  }));
  const serviceMs = performance.now() - gone;
  await accepted;
  if (serviceMs > patience) return { serviceMs: null, acceptedMs, workMs: null };
  // One that was written although its answer was lost answers CONFLICT, with whom it met.
  const id = ids.find((one) => one !== undefined);
  if (id === undefined) return { serviceMs, acceptedMs, workMs: serviceMs };
  await client.insist('reviewProspects', 'ReviewProspectsInput', { ids: [id], decision: 'APPROVE' }, 'changedCount');
  const input = { prospectIds: [id], bodyTemplate: 'Probe', subjectTemplate: 'Probe', idempotencyKey: name };
  const answer = await client.insist('startDraftJob', 'StartDraftJobInput', input, 'job { id }');
  const job = answer?.['job'] && (await client.until('query ($id: ID!) { job(id: $id) { status } }', { id: answer['job'].id }, (data) => data.job?.status === 'SUCCEEDED', patience));
  return { serviceMs, acceptedMs, workMs: job ? performance.now() - gone : null };
}

const longestSettling = 180_000;

async function settle(site: Site, say: (line: string) => void): Promise<void> {
  await site.revive();
  for (const until = performance.now() + longestSettling; performance.now() < until; await sleep(500)) {
    const open = await site.query<{ job_type: string; status: string }>('select job_type, status from jobs where finished_at is null').catch(() => null);
    if (open?.length === 0) return;
  }
  say('Not everything has settled.');
}

export function inSeconds(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / 1_000).toFixed(1)} s`;
}
