// An administrator of Google Cloud: takes what `trust.ts` wrote, in each of its forms, and sets pool, provider and binding up by it.
import { gcpService } from '../../sandbox/gcp/service.ts';
import type { GcpTrust, Provider } from '../../sandbox/gcp/trust.ts';
import type { Claims } from '../../src/core/claims.ts';
import type { Documents } from '../../src/core/documents.ts';
import { accountUrl, bodyOf, EXCHANGE, JSON_TYPE } from '../sandbox/gcp/world.ts';
import { callTo, issuer, mint, newContext, postForm } from '../sandbox/test-issuer.ts';
import { type Command, command, taken } from './command.ts';
import { configuration, members } from './terraform.ts';

export const PROJECT = '123456789012';
export const ACCOUNT = 'deploy@octo-project.iam.gserviceaccount.com';

export const PROVIDER = `projects/${PROJECT}/locations/global/workloadIdentityPools/github/providers/octo`;

interface Bound {
  readonly role: string;
  readonly member: string;
}

function project(provider: Omit<Provider, 'id'>, { role, member }: Bound): GcpTrust {
  const name =
    /^principal(Set)?:\/\/iam\.googleapis\.com\/projects\/123456789012\/locations\/global\/workloadIdentityPools\/github\//;
  expect(member).toMatch(name);
  return {
    projects: [
      {
        number: PROJECT,
        id: 'octo-project',
        pools: [{ id: 'github', providers: [{ id: 'octo', ...provider }] }],
        serviceAccounts: [
          { email: ACCOUNT, uniqueId: '104857600000000000001', bindings: [{ role, members: [member] }] },
        ],
      },
    ],
  };
}

const lines = (documents: Documents, beginning: string) =>
  documents.snippets
    .flatMap((s) => (s.language === 'sh' ? s.lines : []))
    .filter((line) => line.startsWith(beginning))
    .map((line) => command('gcloud', [line]));

/** `a=b,c=d`, as gcloud reads a dictionary: the keys have no `=`. */
function dictionary(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(',').map((pair) => [pair.replace(/=.*/s, ''), pair.slice(pair.indexOf('=') + 1)]),
  );
}

function providerOf(call: Command | undefined): Omit<Provider, 'id'> {
  if (!call) throw new Error('no provider was set up');
  const flags = taken(call, 'issuer-uri', 'allowed-audiences', 'attribute-mapping', 'attribute-condition');
  return {
    issuer: flags['issuer-uri'] ?? '',
    attributeMapping: dictionary(flags['attribute-mapping'] ?? ''),
    attributeCondition: flags['attribute-condition'] ?? '',
    ...(flags['allowed-audiences'] && { allowedAudiences: flags['allowed-audiences'].split(',') }),
  };
}

function boundBy(call: Command | undefined): Bound {
  if (!call) throw new Error('no binding was set up');
  const { role = '', member = '' } = taken(call, 'role', 'member');
  return { role, member };
}

const UPDATE = 'gcloud iam workload-identity-pools providers update-oidc';
const CREATE = 'gcloud iam workload-identity-pools providers create-oidc';
const BIND = 'gcloud iam service-accounts add-iam-policy-binding';

/** The provider that is there gets another condition; this job is bound. */
export function byCommands(documents: Documents): GcpTrust {
  return project(providerOf(lines(documents, UPDATE)[0]), boundBy(lines(documents, BIND)[0]));
}

/** From nothing, and the repository bound as a whole. */
export function byRepository(documents: Documents): GcpTrust {
  return project(providerOf(lines(documents, CREATE)[0]), boundBy(lines(documents, BIND)[1]));
}

/** The console: the condition is pasted into a provider that maps as its commands say. */
export function byConsole(documents: Documents): GcpTrust {
  const condition = documents.snippets.find((s) => s.language === 'text')?.lines.join('\n') ?? '';
  const provider = providerOf(lines(documents, UPDATE)[0]);
  return project({ ...provider, attributeCondition: condition }, boundBy(lines(documents, BIND)[0]));
}

export async function byTerraform(documents: Documents): Promise<GcpTrust> {
  const hcl = documents.snippets.filter((s) => s.language === 'hcl').flatMap((s) => s.lines);
  const file = await configuration(hcl);
  members(file.only('google_iam_workload_identity_pool'), 'project', 'workload_identity_pool_id');
  const found = members<{
    attribute_mapping: Record<string, string>;
    attribute_condition: string;
    oidc: { issuer_uri: string; allowed_audiences?: string[] }[];
  }>(
    file.only('google_iam_workload_identity_pool_provider'),
    ...['project', 'workload_identity_pool_id', 'workload_identity_pool_provider_id'],
    ...['attribute_mapping', 'attribute_condition', 'oidc'],
  );
  const [oidc] = found.oidc;
  const member = members<Bound & { service_account_id: string }>(
    file.only('google_service_account_iam_member'),
    ...['service_account_id', 'role', 'member'],
  );
  expect(member.service_account_id).toBe(`projects/octo-project/serviceAccounts/${ACCOUNT}`);
  return project(
    {
      issuer: oidc?.issuer_uri ?? '',
      attributeMapping: found.attribute_mapping,
      attributeCondition: found.attribute_condition,
      ...(oidc?.allowed_audiences && { allowedAudiences: oidc.allowed_audiences }),
    },
    member,
  );
}

/** Both calls: the exchange, and the service account's token. */
export async function accepts(trust: GcpTrust, claims: Claims): Promise<boolean> {
  const context = newContext();
  const service = gcpService({ ...context, issuer: { ...issuer, url: String(claims.iss) }, trust: () => trust });
  const reply = await service.answer(
    postForm('https://sts.googleapis.com/v1/token', {
      ...EXCHANGE,
      audience: `//iam.googleapis.com/${PROVIDER}`,
      subject_token: mint(context.clock, claims),
    }),
  );
  if (reply.status !== 200) return false;
  const account = await service.answer(
    callTo(accountUrl('generateAccessToken', ACCOUNT), {
      method: 'POST',
      headers: { ...JSON_TYPE, authorization: `Bearer ${bodyOf(reply).access_token}` },
      body: JSON.stringify({ scope: ['https://www.googleapis.com/auth/cloud-platform'], lifetime: '900s' }),
    }),
  );
  return account.status === 200;
}
