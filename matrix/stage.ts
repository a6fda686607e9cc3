// Plays main's whole story in this process: the real inputs, exchanges and advice, over the sandbox's authorities, without sockets.
// What a user would read in the log is what comes out.
import { randomBytes } from 'node:crypto';
import { awsService } from '../sandbox/aws/service.ts';
import { azureService } from '../sandbox/azure/service.ts';
import { WorldClock } from '../sandbox/clock.ts';
import { gcpService } from '../sandbox/gcp/service.ts';
import { jobFor } from '../sandbox/github/event.ts';
import { TokenIssuer } from '../sandbox/github/issuer.ts';
import { claimsOf } from '../sandbox/github/job.ts';
import { oidcService } from '../sandbox/github/oidc.ts';
import { Ledger } from '../sandbox/ledger.ts';
import { mayMint } from '../sandbox/runner/identity.ts';
import type { Call, Service } from '../sandbox/service.ts';
import { json } from '../sandbox/service.ts';
import { vaultService } from '../sandbox/vault/service.ts';
import { type Answer, NetworkFault, type Request } from '../src/core/http.ts';
import type { Clock, Files, Random } from '../src/core/ports.ts';
import type { World } from '../src/core/world.ts';
import { federate } from '../src/federate.ts';
import { Notes, type Told } from './notes.ts';
import type { Scene } from './scene.ts';

/** Runs the step of a scene. */
export async function step(scene: Scene): Promise<Told> {
  const clock = new WorldClock();
  const github = new TokenIssuer(clock, new Ledger(clock));
  const { environment } = scene.job;
  github.job = jobFor({ event: scene.event, ...(environment !== undefined && { environment }) }, scene.job);
  if (scene.jobState) github.state = scene.jobState;
  const asked: string[] = [];
  const send = sender(services(scene, github, clock), scene, asked);
  const told = new Notes();
  const world: World = {
    runner: told.runner(variables(scene, github), scene.inputs),
    files: files(),
    clock: hurried(clock),
    random,
    nodeVersion: [24, 21],
    openTransport: async () => ({ preconnect() {}, onTheWire: async () => {}, send, close() {} }),
    readPem: (_name, given) => given,
    readEvent: () => scene.event.payload,
    onCancel() {},
    // No scene runs a program.
    processes: { find: () => undefined, run: async () => Promise.reject(new Error('no program')) } as never,
    // No row is about it: what is refused is refused before anything is kept.
    backgrounds: () => Promise.reject(new Error('no process is started here')),
    subjectCustomisation: async () => undefined,
  };
  await federate(world);
  return told.told(asked);
}

/** What the runner sets for the job. It gives the endpoint only to a job that may mint. */
function variables(scene: Scene, github: TokenIssuer): Record<string, string> {
  const { job } = github;
  const claims = claimsOf(job);
  const workflow = { permissions: scene.permissions.workflow };
  const written = { permissions: scene.permissions.job };
  const minting = mayMint(workflow as never, written as never, scene.event, job.actor);
  const all = {
    GITHUB_ACTIONS: 'true',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: String(claims.repository),
    GITHUB_REPOSITORY_ID: job.repositoryId,
    GITHUB_RUN_ID: job.runId,
    GITHUB_RUN_ATTEMPT: job.runAttempt,
    GITHUB_EVENT_NAME: job.event,
    GITHUB_ACTOR: job.actor,
    GITHUB_WORKSPACE: '/home/runner/work/octo-repo/octo-repo',
    RUNNER_ENVIRONMENT: job.runnerEnvironment,
    ...(minting && {
      ACTIONS_ID_TOKEN_REQUEST_URL: github.requestUrl,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: github.requestToken,
    }),
    ...scene.env,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

function services(scene: Scene, github: TokenIssuer, clock: WorldClock): Service[] {
  const issuer = { ...github.issuer, ...(scene.issuer !== undefined && { url: scene.issuer }) };
  const context = { clock, ledger: new Ledger(clock), issuer };
  return [
    claiming(oidcService(github), scene, github),
    awsService({ ...context, trust: () => scene.trust.aws }),
    azureService({ ...context, trust: () => scene.trust.azure }),
    gcpService({ ...context, trust: () => scene.trust.gcp }),
    vaultService({ ...context, trust: () => scene.trust.vault }),
  ];
}

/** GitHub as it is where the scene's claims are its own: GHES, another clock, another template. */
function claiming(service: Service, { claims: own, issuer }: Scene, github: TokenIssuer): Service {
  if (!own && issuer === undefined) return service;
  const claims = { ...(issuer !== undefined && { iss: issuer }), ...own };
  return {
    ...service,
    answer: (call) => json(200, { value: github.mint(call.url.searchParams.get('audience') ?? undefined, claims) }),
  };
}

function sender(all: readonly Service[], scene: Scene, asked: string[]) {
  const left = scene.recorded.map((recorded) => ({ recorded, times: recorded.times ?? Number.POSITIVE_INFINITY }));
  return async ({ method, url, headers, body = '' }: Request): Promise<Answer> => {
    const target = new URL(url);
    const service = all.find(({ plays }) => plays(target.host));
    if (!service) throw new NetworkFault('ENOTFOUND', target.host, false);
    const names = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value]);
    const call: Call = {
      host: target.host,
      method,
      path: `${target.pathname}${target.search}`,
      url: target,
      // As the transport sends them: they are signed.
      headers: { host: target.host, 'content-length': String(Buffer.byteLength(body)), ...Object.fromEntries(names) },
      body,
    };
    const operation = service.operation(call);
    asked.push(`${service.name} ${operation}`);
    const played = left.find(
      ({ recorded, times }) => times > 0 && recorded.service === service.name && recorded.operation === operation,
    );
    if (played) played.times -= 1;
    const reply = played ? played.recorded.answer : await service.answer(call);
    if ('fault' in reply) throw new NetworkFault(reply.fault, target.host, false);
    return { status: reply.status, headers: { ...reply.headers }, body: reply.body ?? '' };
  };
}

/** Waits take no time here, but the world's: what expires, expires. */
function hurried(clock: WorldClock): Clock {
  return {
    steady: () => 0,
    now: () => clock.now(),
    sleep: async (ms) => clock.advance(ms),
    after: () => () => {},
  };
}

const random: Random = {
  fraction: () => 0.5,
  hex: (bytes) => randomBytes(bytes).toString('hex'),
  fingerprint: () => '',
};

/** A disk on which nothing is kept. */
function files(): Files {
  return {
    checkTemp() {},
    createFolder: (name) => `/temp/${name}`,
    createInner: (folder, name) => `${folder}/${name}`,
    createFile() {},
    readFile: () => '',
    original: () => ({ text: '' }),
    replaceFile() {},
    removeFile() {},
    appendLine() {},
    readLines: () => [],
    findFolder: () => undefined,
    pathOf: (folder, name) => `${folder}/${name}`,
    removeFolder: () => true,
    guardCommandFiles: () => [],
    emptyCommandFiles() {},
  };
}
