// `check-only`: what it asks, what it says, and that it does nothing else.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { defaultVaultTrust } from '../../sandbox/vault/default-trust.ts';
import type { World } from '../../sandbox/world.ts';
import { AWS, AZURE, FOUR, GCP, play, ROOT, useWorld, VAULT } from './scenario.ts';

const valid = new Ajv().compile(JSON.parse(readFileSync(join(ROOT, 'docs/report.schema.json'), 'utf8')));

let world: World;
useWorld((started) => {
  world = started;
});

const check = (inputs: Readonly<Record<string, string>>) => play(world, { with: { ...inputs, 'check-only': 'true' } });
const reportOf = (outputs: Readonly<Record<string, string>>) => {
  const report = JSON.parse(outputs.report ?? '');
  valid(report);
  expect(valid.errors ?? []).toEqual([]);
  return report as { checks: { of: string; what: string; answer: string }[]; trust: object[]; credentials: object[] };
};
const answers = (outputs: Readonly<Record<string, string>>) =>
  Object.fromEntries(reportOf(outputs).checks.map(({ of, what, answer }) => [`${of} ${what}`, answer]));

describe('a job that would be let in', () => {
  it('mints, asks without a credential, and gets none', async () => {
    const { result, main, post } = await check(FOUR);
    expect(result.result).toBe('success');
    expect(world.ledger.all().filter((entry) => entry.service !== 'github')).toEqual([]);
    expect(main.exported).toEqual({});
    expect(Object.keys(main.outputs).sort()).toEqual(['federated', 'report']);
    expect(main.outputs.federated).toBe('false');
    expect(answers(main.outputs)).toEqual({
      'github issuer': 'yes',
      'aws endpoint': 'yes',
      'aws role': 'unknown',
      'aws provider': 'unknown',
      'azure tenant': 'yes',
      'azure application': 'unknown',
      'azure federated-credential': 'unknown',
      'gcp provider': 'unknown',
      'gcp endpoint': 'yes',
      'gcp service-account': 'unknown',
      'vault endpoint': 'yes',
      'vault mount': 'yes',
      'vault role': 'yes',
    });
    expect(reportOf(main.outputs).trust).toEqual(
      ['aws', 'azure', 'gcp', 'vault'].map((cloud) => ({ cloud, written: true })),
    );
    expect(post?.stdout).not.toContain('::error');
  });

  it('shows no identity token to anybody', async () => {
    await check(FOUR);
    const asked = world.traffic.filter((t) => t.service !== 'github');
    expect(asked.length).toBeGreaterThan(5);
    for (const { call } of asked) {
      expect(call.headers.authorization).toBeUndefined();
      expect(call.headers['x-vault-token']).toBeUndefined();
      expect(`${call.path} ${call.body}`).not.toMatch(/eyJ/);
    }
  });

  it('shows claims, plan and trust, in the log and in the summary', async () => {
    const { main } = await check(AWS);
    expect(main.stdout).toContain('\nsub                    repo:octo-org/octo-repo:ref:refs/heads/main\n');
    expect(main.stdout).toContain('\nenvironment            MISSING\n');
    expect(main.stdout).toMatch(/Not to {2}actor: /);
    expect(main.stdout).toContain('AWS: assume arn:aws:iam::123456789012:role/deploy');
    expect(main.stdout).toContain('"Action": "sts:AssumeRoleWithWebIdentity"');
    expect(main.summary).toContain('aws_iam_policy_document');
    expect(main.summary).toContain('| `sub` |');
  });
});

describe('what is known to be missing', () => {
  const vault = (change: object) => ({
    vault: { servers: defaultVaultTrust().servers.map((server) => ({ ...server, ...change })) },
  });

  it.each<[string, Readonly<Record<string, string>>, object, Readonly<Record<string, string>>]>([
    ['a tenant', { ...AZURE, 'azure-tenant-id': '99999999-2222-4222-8222-222222222222' }, {}, { 'azure tenant': 'no' }],
    ['a provider', GCP, { gcp: { projects: [] } }, { 'gcp provider': 'no' }],
    ['a sealed server', VAULT, vault({ sealed: true }), { 'vault endpoint': 'no' }],
    ['a mount', { ...VAULT, 'vault-auth-path': 'github' }, {}, { 'vault endpoint': 'yes', 'vault mount': 'no' }],
    ['a role', { ...VAULT, 'vault-role': 'nobody' }, {}, { 'vault mount': 'yes', 'vault role': 'no' }],
  ])('%s is said, and does not fail the job', async (_, inputs, trust, expected) => {
    Object.assign(world.trust, trust);
    const { result, main } = await check(inputs);
    expect(result.result).toBe('success');
    expect(answers(main.outputs)).toMatchObject(expected);
    expect(main.stdout).toMatch(/::notice.*An exchange would fail: /);
  });

  it('an authority that cannot be reached is a finding, not a failure', async () => {
    world.faults.push({ kind: 'reset', service: 'aws', times: Number.POSITIVE_INFINITY });
    const { result, main } = await check(AWS);
    expect(result.result).toBe('success');
    expect(answers(main.outputs)).toMatchObject({ 'aws endpoint': 'no' });
  });
});

describe('for whom no trust may be written', () => {
  it.each(['pull_request_target', 'issue_comment', 'workflow_run'])(
    '%s: none is, and the job goes on',
    async (name) => {
      const event = { name, payload: { repository: { full_name: 'octo-org/octo-repo' } } };
      const inputs = { ...AWS, 'on-untrusted-event': 'fail', 'check-only': 'true' };
      const { result, main } = await play(world, { with: inputs, run: { event } });
      expect(result.result).toBe('success');
      expect(reportOf(main.outputs).trust).toEqual([{ cloud: 'aws', written: false }]);
      expect(main.stdout).toContain('::warning::[identity/untrusted-event]');
      expect(`${main.stdout}${main.summary}`).not.toContain('AssumeRoleWithWebIdentity');
      expect(main.summary).toContain(`No trust is written for the event ${name}`);
    },
  );
});

it('without the permission there is nothing to check: the step fails as ever', async () => {
  const { result, main } = await play(world, { with: { ...AWS, 'check-only': 'true' }, permissions: {} });
  expect(result.result).toBe('failure');
  expect(main.stdout).toContain('[identity/permission-missing]');
});
