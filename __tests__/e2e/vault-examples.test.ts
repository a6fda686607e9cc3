// examples/vault, each as it stands: set up by its own script, played by its own lines; and with one right missing, the step says which.
import type { World } from '../../sandbox/world.ts';
import { PATTERNS, type Pattern, rightsOf, serverBy, workflowOf } from '../administrator/vault-example.ts';
import { until } from './interrupted.ts';
import { type Played, play, useWorld } from './scenario.ts';

let world: World;
useWorld((started) => {
  world = started;
});

/** Events that run with the branch's own ref while somebody else decides what they work on (INVARIANTS 4). */
const STARTED_BY_ANYBODY = ['pull_request_target', 'issue_comment', 'workflow_run'];
it.each(PATTERNS.flatMap((pattern) => STARTED_BY_ANYBODY.map((event) => [pattern, event] as const)))(
  '%s: its role does not let in %s, which has the ref of the branch too',
  async (pattern, name) => {
    world.trust.vault = { servers: [await serverBy({ pattern })] };
    const given = workflowOf(pattern).jobs.job.steps[0].with;
    const played = await play(world, { with: given, run: { event: { name, payload: {} } } });
    expect(world.github.claims()).toMatchObject({ event_name: name, ref: 'refs/heads/main' });
    expect(played.log).toContain('claim "event_name"');
    expect(played.result.result).toBe('failure');
    expect(played.main.exported).toEqual({});
  },
);

/** `queued`: what is revoked in the server's own time is alive for a moment longer. */
async function playWithout(pattern: Pattern, without?: string, queued = false): Promise<Played> {
  world.trust.vault = { servers: [await serverBy({ pattern, ...(without && { without }) })] };
  return play(world, { with: workflowOf(pattern).jobs.job.steps[0].with }, queued ? { alive: true } : {});
}

const endings = ({ post }: Played) => post?.log.filter((line) => /^Vault (lease|certificate|token)/.test(line));
const REVOKED = 'Vault token: revoked';

it.each<[Pattern, readonly string[], readonly string[]]>([
  ['static-secret', ['APP_PASSWORD'], ['Vault token: revoked (by main, right after the last read)']],
  ['database', ['PGUSER', 'PGPASSWORD'], ['Vault lease of database/creds/app: revoked', REVOKED]],
  ['aws', ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'], ['Vault lease of aws/creds/deploy: revoked', REVOKED]],
  ['terraform-team', ['TF_TOKEN_app_terraform_io'], ['Vault lease of terraform/creds/deploy: revoked', REVOKED]],
  ['pki', ['CLIENT_CERT', 'CLIENT_KEY'], ['Vault certificate of pki/issue/ci: revoked', REVOKED]],
])('%s gives later steps what it says, and nothing outlives the job', async (pattern, names, ends) => {
  const played = await playWithout(pattern);
  expect(played.result.result).toBe('success');
  expect(played.main.annotations).toEqual([]);
  expect(Object.keys(played.main.exported)).toEqual(names);
  expect(names.filter((name) => !played.later[name])).toEqual([]);
  expect(endings(played)).toEqual(ends);
});

it.each<Pattern>(['database', 'aws', 'terraform-team'])(
  '%s: an engine that takes its time makes nothing that outlives its token',
  async (pattern) => {
    world.faults.push({ service: 'vault', operation: 'read', kind: 'delay', ms: 3_000 });
    const played = await playWithout(pattern);
    expect([played.result.result, played.main.annotations]).toEqual(['success', []]);
  },
);

const line = (path: string, capability: string) => `path "${path}" { capabilities = ["${capability}"] }`;

const LEFT_OUT: readonly [Pattern, string, string, string][] = [
  ['static-secret', 'secret/data/app', 'read', 'read secret/data/app'],
  ['database', 'database/creds/app', 'read', 'read database/creds/app'],
  ['aws', 'aws/creds/deploy', 'read', 'read aws/creds/deploy'],
  ['terraform-team', 'terraform/creds/deploy', 'read', 'read terraform/creds/deploy'],
  ['pki', 'pki/issue/ci', 'update', 'write to pki/issue/ci'],
];
it.each(LEFT_OUT)(
  '%s without %s fails, and the first cause is the line to add',
  async (pattern, path, capability, what) => {
    const played = await playWithout(pattern, path);
    expect(played.main.annotations.map(({ message }) => message)).toEqual([
      `[vault/read-refused] Vault did not let this job ${what}`,
    ]);
    expect(played.log).toMatch(/Possible cause 1 of \d: The token's policies lack it/);
    expect(played.log).toContain(`Add to the policies of the role ${pattern}: ${line(path, capability)}`);
    expect(played.main.exported).toEqual({});
  },
);

const QUEUED: readonly [Pattern, string, RegExp][] = [
  ['database', 'sys/leases/revoke', /: revocation queued \(through its token: the policy does not allow update on sys/],
  ['aws', 'sys/leases/revoke', /: revocation queued \(through its token: the policy does not allow update on sys/],
  [
    'terraform-team',
    'sys/leases/revoke',
    /: revocation queued \(through its token: the policy does not allow update on/,
  ],
  ['pki', 'pki/revoke', /: not revoked; it ends at .* \(the policy does not allow update on pki\/revoke\)/],
];
it.each(QUEUED)(
  '%s without %s works, and main names the line by which it would end for certain',
  async (pattern, path, told) => {
    const played = await playWithout(pattern, path, true);
    await until(() => world.ledger.owed().length === 0);
    expect(played.result.result).toBe('success');
    expect(played.main.log.join('\n')).toContain(
      `Allow it in the policies of the role ${pattern}: ${line(path, 'update')}`,
    );
    expect(endings(played)?.[0]).toMatch(told);
  },
);

it('every right of every policy was left out once', () => {
  const rights = PATTERNS.flatMap((pattern) => rightsOf(pattern).map((path) => `${pattern} ${path}`));
  expect([...LEFT_OUT, ...QUEUED].map(([pattern, path]) => `${pattern} ${path}`).sort()).toEqual(rights.sort());
});
