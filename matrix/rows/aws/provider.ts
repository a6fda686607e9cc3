// AWS: the provider, its audiences and its keys (facts: aws 2.1, 2.2, 8.4).
import { both, obey, paste, quiet, setInput } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { INPUTS } from '../../scene.ts';
import { account, EMPTY, GHES, HOST, input, OLD, replacedTrust, right, says } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'The account has no provider',
    source: 'aws 2.2',
    played: 'trust document',
    scene: account(() => ({ oidcProviders: [] })),
    id: 'aws/provider-missing',
    cause: /has no OIDC provider for the issuer/,
    fix: paste,
  },
  {
    mistake: 'The provider was made with another issuer (GHES, an enterprise’s own)',
    source: 'aws 2.2',
    played: 'trust document',
    scene: replacedTrust(`https://${HOST}"`, `https://${HOST}/octo"`),
    id: 'aws/provider-missing',
    cause: /has no OIDC provider for the issuer/,
    fix: paste,
  },
  {
    mistake: 'Wrong account in the ARN',
    source: 'aws 2.2',
    played: 'inputs',
    scene: {
      ...input('aws-role-arn', 'arn:aws:iam::210987654321:role/deploy'),
      trust: { ...right.trust, aws: { accounts: { ...right.trust.aws.accounts, '210987654321': EMPTY } } },
    },
    id: 'aws/provider-missing',
    cause: /210987654321/,
    fix: obey(/Check that 210987654321, the account in (aws-role-arn)/, (at, name) =>
      setInput(at, name ?? '', INPUTS.aws['aws-role-arn']),
    ),
  },
  {
    mistake: 'The provider does not list the audience',
    source: 'aws 2.2',
    played: 'trust document',
    scene: account(() => ({ oidcProviders: [{ url: `https://${HOST}`, clientIds: ['https://github.com/octo-org'] }] })),
    id: 'aws/audience-refused',
    cause: /does not list the audience sts\.amazonaws\.com/,
    fix: paste,
  },
  {
    mistake: 'aws-audience is one that the provider does not list',
    source: 'aws 2.2',
    played: 'inputs',
    scene: input('aws-audience', 'sts.example.com'),
    id: 'aws/audience-refused',
    cause: /does not list the audience sts\.example\.com/,
    fix: both(paste),
  },
  {
    mistake: 'In China: the provider lists the audience of the other partition',
    source: 'aws 1.4',
    played: 'trust document',
    scene: {
      ...account(() => ({ partition: 'aws-cn' })),
      inputs: { 'aws-role-arn': 'arn:aws-cn:iam::123456789012:role/deploy', 'aws-region': 'cn-north-1' },
    },
    id: 'aws/audience-refused',
    cause: /does not list the audience sts\.amazonaws\.com\.cn/,
    fix: paste,
  },
  {
    mistake: 'The issuer cannot be reached by AWS (GHES behind a firewall)',
    source: 'aws 2.2',
    played: 'trust document',
    scene: account(() => ({ oidcProviders: [{ url: GHES, clientIds: ['sts.amazonaws.com'] }] }), {
      ...right,
      claims: { iss: GHES },
    }),
    id: 'aws/keys-unreachable',
    cause: /could not get the keys of the issuer https:\/\/github\.example\.com/,
    fix: 'Whoever runs the server must make it public',
  },
  {
    mistake: 'AWS is throttled by GitHub’s keys, in a large matrix',
    source: 'aws 2.2',
    played: 'recorded answer',
    scene: says(
      400,
      'InvalidIdentityToken',
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity documentation for requirements",
    ),
    id: 'aws/keys-unreachable',
    cause: /could not get the keys/,
    fix: obey(/Run the job again/, quiet),
  },
  {
    mistake: 'AWS could not talk to the issuer',
    source: 'aws 2.1',
    played: 'recorded answer',
    scene: says(400, 'IDPCommunicationError', 'Could not reach the identity provider'),
    id: 'aws/keys-unreachable',
    cause: /could not reach the issuer/,
    fix: obey(/Run the job again/, quiet),
  },
  {
    mistake: 'The token is too old (clock of the GHES server)',
    source: 'aws 2.1',
    played: 'token',
    scene: { ...right, claims: OLD },
    id: 'aws/token-expired',
    cause: /too old/,
    fix: obey(/check the clock of the server/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'The provider rejects a claim',
    source: 'aws 2.1',
    played: 'recorded answer',
    scene: says(403, 'IDPRejectedClaim', 'The identity provider reported that authentication failed.'),
    id: 'aws/token-refused',
    cause: /could not accept the identity token/,
    fix: "STS's own words are all there is",
  },
];
