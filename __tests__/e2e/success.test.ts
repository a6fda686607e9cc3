// The good path, on the built action: what later steps get, and nobody else; how many requests that took; what the outputs say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import type { World } from '../../sandbox/world.ts';
import { ACTION, AWS, AZURE, FOUR, GCP, GCP_DIRECT, type Played, play, ROOT, useWorld, VAULT } from './scenario.ts';

let world: World;
useWorld((started) => {
  world = started;
});

const AWS_VARIABLES =
  'AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_CREDENTIAL_EXPIRATION AWS_REGION AWS_DEFAULT_REGION';
const AZURE_SDK =
  'AZURE_CLIENT_ID AZURE_TENANT_ID AZURE_SUBSCRIPTION_ID AZURE_FEDERATED_TOKEN_FILE AZURE_AUTHORITY_HOST AZURE_TOKEN_CREDENTIALS';
const TERRAFORM = 'ARM_USE_OIDC ARM_CLIENT_ID ARM_TENANT_ID ARM_SUBSCRIPTION_ID';
const GCP_VARIABLES =
  'GOOGLE_APPLICATION_CREDENTIALS CLOUDSDK_AUTH_CREDENTIAL_FILE_OVERRIDE GOOGLE_CLOUD_PROJECT CLOUDSDK_CORE_PROJECT GCLOUD_PROJECT GCP_PROJECT CLOUDSDK_PROJECT GOOGLE_GHA_CREDS_PATH';
const VAULT_VARIABLES = 'APP_PASSWORD DB_USER DB_PASSWORD';

const COMMON = 'federated expires-at report';
const AWS_OUTPUTS = 'aws-account-id aws-role-arn aws-session-arn aws-expires-at';
const AZURE_OUTPUTS = 'azure-expires-at azure-token-file';
// Kept fresh: a docker action could not reach the keeper, so there is no file for it.
const GCP_OUTPUTS = 'gcp-project-id gcp-expires-at gcp-credentials-file';

const words = (...texts: string[]) => texts.flatMap((text) => text.split(' ')).sort();

/** The action with a step in front of it, which must see nothing of it, and others behind it. */
function job(inputs: Record<string, string>, ...behind: object[]): { steps: object[] } {
  return { steps: [{ name: 'earlier', run: 'true' }, { id: 'federate', uses: ACTION, with: inputs }, ...behind] };
}

function operations(): string[] {
  return world.traffic.map((t) => `${t.service} ${t.operation}`).sort();
}

const idtoken = (times: number) => Array.from({ length: times }, () => 'github idtoken');

describe('one cloud', () => {
  it.each([
    ['AWS', AWS, words(AWS_VARIABLES), words(COMMON, AWS_OUTPUTS), ['aws AssumeRoleWithWebIdentity', ...idtoken(1)]],
    ['Azure', AZURE, words(AZURE_SDK, TERRAFORM), words(COMMON, AZURE_OUTPUTS), ['azure token', ...idtoken(2)]],
    [
      'Azure, for Terraform alone',
      { ...AZURE, 'azure-consumers': 'terraform' },
      words(TERRAFORM),
      // Its providers renew for themselves: nothing that they were given ends.
      words('federated report'),
      ['azure token', ...idtoken(1)],
    ],
    [
      'Google Cloud, direct',
      GCP_DIRECT,
      words(GCP_VARIABLES),
      words(COMMON, GCP_OUTPUTS),
      ['gcp token', ...idtoken(1)],
    ],
    [
      'Google Cloud, service account',
      GCP,
      words(GCP_VARIABLES),
      words(COMMON, GCP_OUTPUTS),
      ['gcp generateAccessToken', 'gcp token', ...idtoken(1)],
    ],
    [
      'Vault',
      VAULT,
      words(VAULT_VARIABLES),
      words(COMMON, 'vault-expires-at'),
      [
        ...idtoken(1),
        'vault auth/jwt/login',
        'vault auth/token/revoke-self',
        'vault read',
        'vault read',
        'vault sys/capabilities-self',
        'vault sys/leases/revoke',
      ],
    ],
  ])(
    '%s: its variables to later steps, its outputs, and no request too many',
    async (_, inputs, variables, outputs, asked) => {
      const played = await play(world, job(inputs));
      const { result, main, later } = played;
      expect(result.result).toBe('success');
      expect(Object.keys(main.exported).sort()).toEqual(variables);
      for (const name of variables) expect(later[name]).toBeTruthy();
      const earlier = result.steps.find((step) => step.name === 'earlier')?.env ?? {};
      expect(variables.filter((name) => name in earlier || name in main.env)).toEqual([]);
      expect(Object.keys(main.outputs).sort()).toEqual(outputs);
      expect(operations()).toEqual([...asked].sort());
      expectReport(played);
    },
  );

  it('static secrets end never, and there is no time at which they would', async () => {
    const inputs = { ...VAULT, 'vault-secrets': 'secret/data/app password | APP_PASSWORD' };
    const { main } = await play(world, { with: inputs });
    expect(Object.keys(main.outputs).sort()).toEqual(['federated', 'report']);
  });
});

describe('four clouds in one step', () => {
  it('all variables, all outputs, and a report of every credential', async () => {
    const played = await play(world, job(FOUR));
    const { result, main } = played;
    expect(result.result).toBe('success');
    expect(Object.keys(main.exported).sort()).toEqual(
      words(AWS_VARIABLES, AZURE_SDK, TERRAFORM, GCP_VARIABLES, VAULT_VARIABLES),
    );
    expect(Object.keys(main.outputs).sort()).toEqual(
      words(COMMON, AWS_OUTPUTS, AZURE_OUTPUTS, GCP_OUTPUTS, 'vault-expires-at'),
    );
    expect(main.outputs.federated).toBe('true');
    expect(expectReport(played).map((c) => `${c.cloud} ${c.kind}: ${c.ending}`)).toEqual([
      'aws AWS session: expires',
      'azure Azure access token: expires',
      'gcp Google federated access token: expires',
      'gcp Google access token: expires',
      'vault Vault service token: revoked by post',
      'vault Vault lease: revoked by post',
    ]);
    expect(main.annotations).toEqual([]);
    expect(played.post?.annotations).toEqual([]);
  });

  it('the outputs reach expressions of later steps', async () => {
    const output = (name: string) => `\${{ steps.federate.outputs.${name} }}`;
    const env = { UNTIL: output('expires-at'), WHO: output('aws-session-arn') };
    const { result, main } = await play(world, job(FOUR, { name: 'reader', run: 'true', env }));
    const reader = result.steps.find((step) => step.name === 'reader');
    expect(reader?.env.UNTIL).toBe(main.outputs['expires-at']);
    expect(reader?.env.WHO).toMatch(/^arn:aws:sts::123456789012:assumed-role\/deploy\/gh-9876543210-1-[0-9a-f]{8}$/);
  });

  it('expires-at is the earliest of all', async () => {
    const { main } = await play(world, { with: FOUR });
    const each = ['aws', 'azure', 'gcp', 'vault'].map((cloud) => main.outputs[`${cloud}-expires-at`] ?? '');
    expect(main.outputs['expires-at']).toBe(each.sort()[0]);
  });

  it.each([
    ['azure', AZURE],
    ['gcp', GCP],
  ])(
    '%s, not kept fresh: what later steps were given is a file, and it ends with the identity token in it',
    async (cloud, inputs) => {
      const { main } = await play(world, { with: { ...inputs, 'keep-fresh': 'never' } });
      const token =
        main.journal.find((e) => /^write/.test(e.what ?? '') && e.path?.endsWith('-identity-token'))?.text ?? '';
      const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
      expect(main.outputs[`${cloud}-expires-at`]).toBe(new Date(exp * 1000).toISOString().replace('.000Z', 'Z'));
    },
  );
});

interface Reported {
  readonly cloud: string;
  readonly kind: string;
  readonly ending: string;
}

/** Holds the report to its schema; resolves to its credentials. */
function expectReport({ main }: Played): Reported[] {
  const schema = JSON.parse(readFileSync(join(ROOT, 'docs/report.schema.json'), 'utf8')) as object;
  const report = JSON.parse(main.outputs.report ?? '') as { credentials: Reported[] };
  const validate = new Ajv().compile(schema);
  validate(report);
  expect(validate.errors).toBeNull();
  return report.credentials;
}
