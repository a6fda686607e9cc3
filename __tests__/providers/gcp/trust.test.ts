import { celEnv, parse, plan } from '@bufbuild/cel';
import type { Claims } from '../../../src/core/claims.ts';
import type { GcpRequest } from '../../../src/providers/gcp/request.ts';
import { trust } from '../../../src/providers/gcp/trust.ts';
import { pasted } from '../../literals/pasted.ts';
import { BRANCH, ENVIRONMENT, PULL_REQUEST, UNTRUSTED } from '../../literals/presented.ts';

const PROVIDER = 'projects/123456789/locations/global/workloadIdentityPools/ci-pool/providers/github';
const POOL = '//iam.googleapis.com/projects/123456789/locations/global/workloadIdentityPools/ci-pool';
const REQUEST: GcpRequest = {
  provider: PROVIDER,
  serviceAccount: 'deploy@my-project.iam.gserviceaccount.com',
  projectId: 'my-project',
  audience: `https://iam.googleapis.com/${PROVIDER}`,
  universe: 'googleapis.com',
  delegates: [],
  accessToken: true,
  tokenUndelivered: false,
  scopes: ['https://www.googleapis.com/auth/cloud-platform'],
  tokenLifetime: 3600,
  credentialsFile: true,
};
const { serviceAccount: _, ...DIRECT } = REQUEST;
const PRESENTED: Claims = { ...BRANCH, aud: REQUEST.audience };
const LONG: Claims = { ...PRESENTED, sub: `repo:octo-org/octo-repo:environment:${'x'.repeat(100)}` };

function command(beginning: string, claims: Claims = PRESENTED, request: GcpRequest = REQUEST): string[] {
  const line = trust(request, claims).find((l) => l.startsWith(`gcloud ${beginning}`));
  return line === undefined ? [] : pasted('gcloud', [line]);
}
const flag = (args: readonly string[], name: string) =>
  args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const holds = (condition: string, claims: Claims) => plan(celEnv(), parse(condition))({ assertion: claims as never });

describe('the condition', () => {
  const condition = trust(REQUEST, PRESENTED)[1] ?? '';

  it('is true for this token', () => expect(holds(condition, PRESENTED)).toBe(true));

  it.each<[string, Claims]>([
    ['another branch', { ...PRESENTED, sub: 'repo:octo-org/octo-repo:ref:refs/heads/x' }],
    ['an environment', ENVIRONMENT],
    ['another repository of the same name', { ...PRESENTED, repository_id: '1' }],
  ])('is false for %s', (_name, claims) => expect(holds(condition, claims)).toBe(false));

  it('is the one in the command', () => {
    expect(flag(command('iam workload-identity-pools'), 'attribute-condition')).toBe(condition);
  });
});

describe('the commands', () => {
  it('set up the provider', () => {
    const args = command('iam workload-identity-pools');
    expect(args.slice(0, 5)).toEqual(['iam', 'workload-identity-pools', 'providers', 'update-oidc', PROVIDER]);
    expect(flag(args, 'issuer-uri')).toBe(BRANCH.iss);
    expect(flag(args, 'attribute-mapping')).toBe(
      'google.subject=assertion.sub,attribute.repository_id=assertion.repository_id',
    );
    expect(flag(args, 'allowed-audiences')).toBe(REQUEST.audience);
  });

  it('bind the first account of a chain to the job, and each account to the one before it', () => {
    const chained = { ...REQUEST, delegates: ['one@p.iam.gserviceaccount.com'] };
    const bindings = trust(chained, PRESENTED)
      .filter((line) => line.startsWith('gcloud iam service-accounts'))
      .map((line) => pasted('gcloud', [line]));
    const role = '--role=roles/iam.serviceAccountTokenCreator';
    expect(bindings.map((args) => [args[3], args[4], args[5]])).toEqual([
      ['one@p.iam.gserviceaccount.com', role, expect.stringMatching(/^--member=principal:/)],
      ['one@p.iam.gserviceaccount.com', role, expect.stringMatching(/^--member=principalSet:/)],
      [REQUEST.serviceAccount, role, '--member=serviceAccount:one@p.iam.gserviceaccount.com'],
    ]);
  });

  it('let the job sign, where the account acts as a user', () => {
    const args = command('iam service-accounts', PRESENTED, { ...REQUEST, subject: 'admin@octo.example.com' });
    expect(flag(args, 'role')).toBe('roles/iam.serviceAccountTokenCreator');
  });

  it('name an audience that is not the default', () => {
    const args = command('iam workload-identity-pools', { ...PRESENTED, aud: 'custom' });
    expect(flag(args, 'allowed-audiences')).toBe('custom');
  });

  it('bind the subject to the service account', () => {
    expect(command('iam service-accounts')).toEqual([
      'iam',
      'service-accounts',
      'add-iam-policy-binding',
      'deploy@my-project.iam.gserviceaccount.com',
      '--role=roles/iam.workloadIdentityUser',
      `--member=principal:${POOL}/subject/${BRANCH.sub}`,
    ]);
  });

  it('offer the repository, by its id', () => {
    const args = pasted('gcloud', [trust(REQUEST, PRESENTED).at(-1) ?? '']);
    expect(args.slice(0, 3)).toEqual(['iam', 'service-accounts', 'add-iam-policy-binding']);
    expect(args.at(-1)).toBe(`--member=principalSet:${POOL}/attribute.repository_id/456789`);
  });

  it('bind a direct principal to the project', () => {
    const args = command('projects', PRESENTED, DIRECT);
    expect(args).toEqual([
      'projects',
      'add-iam-policy-binding',
      'my-project',
      '--role=ROLE',
      `--member=principal:${POOL}/subject/${BRANCH.sub}`,
    ]);
    expect(command('iam service-accounts', PRESENTED, DIRECT)).toEqual([]);
  });
});

describe('a subject of more than 127 bytes', () => {
  it('stays in the condition, and out of google.subject', () => {
    const args = command('iam workload-identity-pools', LONG);
    expect(flag(args, 'attribute-mapping')).toMatch(/^google\.subject=assertion\.repository_id,/);
    expect(holds(flag(args, 'attribute-condition') ?? '', LONG)).toBe(true);
    expect(command('iam service-accounts', LONG).at(-1)).toBe(`--member=principal:${POOL}/subject/456789`);
  });

  it('cannot be trusted without another claim', () => {
    const { repository_id: _id, ...claims } = LONG;
    expect(trust(REQUEST, claims)).toEqual([expect.stringContaining('127 bytes')]);
  });
});

it('says what the trust of a pull request lets in', () => {
  expect(trust(REQUEST, PULL_REQUEST).join()).toContain('every pull request');
});

it.each(UNTRUSTED)('is not written for %s: one line says why', (_name, claims) => {
  expect(trust(REQUEST, claims)).toEqual([expect.stringMatching(/^No trust is written for /)]);
});
