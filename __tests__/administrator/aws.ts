// An AWS administrator: takes what `trust.ts` wrote, in each of its forms, and sets an account up by it.
import { awsService } from '../../sandbox/aws/service.ts';
import type { AwsTrust, OidcProvider, PolicyDocument } from '../../sandbox/aws/trust.ts';
import type { Claims } from '../../src/core/claims.ts';
import type { Documents, Snippet } from '../../src/core/documents.ts';
import { issuer, mint, newContext, postForm } from '../sandbox/test-issuer.ts';
import { command, taken } from './command.ts';
import { configuration, members } from './terraform.ts';

export const ACCOUNT = '123456789012';
export const ROLE = 'deploy';

interface Found {
  policy?: PolicyDocument;
  providers: OidcProvider[];
}

const of = (documents: Documents, language: Snippet['language'], place: Snippet['place']) =>
  documents.snippets.filter((s) => s.language === language && s.place === place);

function account({ policy, providers }: Found): AwsTrust {
  if (!policy || providers.length === 0) throw new Error('no policy or no provider was set up');
  return {
    accounts: {
      [ACCOUNT]: { oidcProviders: providers, roles: { [ROLE]: { id: 'AROADEPLOYOCTOREPO001', trustPolicy: policy } } },
    },
  };
}

/** The console: the JSON policy is pasted, the provider made by its command. */
export function byConsole(documents: Documents): AwsTrust {
  const found = run(of(documents, 'sh', 'log').slice(0, 1));
  return account({ ...found, policy: of(documents, 'json', 'log')[0]?.lines.join('\n') ?? '' });
}

/** The provider, then `update-assume-role-policy` of a role that is there. */
export function byCommands(documents: Documents): AwsTrust {
  return account(run([...of(documents, 'sh', 'log'), ...of(documents, 'sh', 'more')]));
}

/** From nothing: the provider and `create-role`. */
export function fromNothing(documents: Documents): AwsTrust {
  return account(run(of(documents, 'sh', 'setup')));
}

export async function byTerraform(documents: Documents): Promise<AwsTrust> {
  const hcl = [...of(documents, 'hcl', 'setup'), ...of(documents, 'hcl', 'more')].flatMap((s) => s.lines);
  const file = await configuration(hcl);
  const { url, client_id_list } = members<{ url: string; client_id_list: string[] }>(
    file.only('aws_iam_openid_connect_provider'),
    'url',
    'client_id_list',
  );
  const role = members<{ assume_role_policy: string }>(file.only('aws_iam_role'), 'name', 'path', 'assume_role_policy');
  const document = file.only('data.aws_iam_policy_document');
  expect(role.assume_role_policy).toBe(`\${data.aws_iam_policy_document.${document.label}.json}`);
  return account({ providers: [{ url, clientIds: client_id_list }], policy: policyDocument(document) });
}

interface HclStatement {
  actions: string[];
  principals: { type: string; identifiers: string[] }[];
  condition: { test: string; variable: string; values: string[] }[];
}

/** As the provider renders the data source. */
function policyDocument(document: Readonly<Record<string, unknown>>): PolicyDocument {
  const { statement } = members<{ statement: HclStatement[] }>(document, 'statement');
  const Statement = statement.map((one) => {
    const { actions, principals, condition } = members<HclStatement>(
      one as never,
      'actions',
      'principals',
      'condition',
    );
    const Condition: Record<string, Record<string, string[]>> = {};
    for (const { test, variable, values } of condition) Condition[test] = { ...Condition[test], [variable]: values };
    const Principal = Object.fromEntries(principals.map((p) => [p.type, p.identifiers]));
    return { Effect: 'Allow', Action: actions, Principal, Condition };
  });
  return { Version: '2012-10-17', Statement };
}

function run(snippets: readonly Snippet[]): Found {
  const found: Found = { providers: [] };
  for (const line of snippets.flatMap((s) => s.lines)) {
    const call = command('aws', [line]);
    const verb = call.words.join(' ');
    if (verb === 'iam create-open-id-connect-provider') {
      const { url = '', 'client-id-list': id = '' } = taken(call, 'url', 'client-id-list');
      found.providers.push({ url, clientIds: [id] });
    } else if (verb === 'iam add-client-id-to-open-id-connect-provider') {
      taken(call, 'open-id-connect-provider-arn', 'client-id');
    } else if (verb === 'iam update-assume-role-policy') {
      const flags = taken(call, 'role-name', 'policy-document');
      found.policy = flags['policy-document'] ?? '';
    } else if (verb === 'iam create-role') {
      const flags = taken(call, 'role-name', 'path', 'assume-role-policy-document');
      found.policy = flags['assume-role-policy-document'] ?? '';
    } else throw new Error(`aws knows no ${verb}`);
  }
  return found;
}

/** Whether the service lets a token with these claims in. */
export async function accepts(trust: AwsTrust, claims: Claims): Promise<boolean> {
  const context = newContext();
  const service = awsService({
    ...context,
    issuer: { ...issuer, url: String(claims.iss) },
    trust: () => trust,
  });
  const reply = await service.answer(
    postForm('https://sts.eu-west-1.amazonaws.com/', {
      Action: 'AssumeRoleWithWebIdentity',
      Version: '2011-06-15',
      RoleArn: `arn:aws:iam::${ACCOUNT}:role/${ROLE}`,
      RoleSessionName: 'gh-1',
      WebIdentityToken: mint(context.clock, { ...absent, ...claims }),
    }),
  );
  return reply.status === 200;
}
/** The minter's own claims that a situation does not have. */
const absent = { job_workflow_ref: undefined, repository_id: undefined, repository_owner_id: undefined };
