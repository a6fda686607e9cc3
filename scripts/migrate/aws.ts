// aws-actions/configure-aws-credentials: its inputs (facts: aws 4.2) and what takes the place of each here.
import type { Peer } from './peer.ts';

const STATIC =
  "There is none: this action takes no static keys and no credentials of the environment, only the job's own identity token.";
const ONE_RETRY =
  'There is none: refusals are tried once, what passes by itself is repeated with growing waits, within `timeout`.';

const ROLE = 'arn:aws:iam::123456789012:role/deploy';
const NEXT = 'arn:aws:iam::123456789012:role/release';

export const aws: Peer = {
  action: 'aws-actions/configure-aws-credentials@v6',
  inputs: [
    {
      name: 'aws-region',
      ours: ['aws-region'],
      how: 'The same; exported when the credentials are, so that a refused step leaves the variables as they were.',
    },
    {
      name: 'role-to-assume',
      ours: ['aws-role-arn'],
      how: 'The whole ARN: a name alone would need an account that only static keys know.',
    },
    { name: 'aws-access-key-id', ours: [], how: STATIC },
    { name: 'aws-secret-access-key', ours: [], how: STATIC },
    { name: 'aws-session-token', ours: [], how: STATIC },
    {
      name: 'web-identity-token-file',
      ours: [],
      how: 'There is none: the token is minted for this step, and is in no file.',
    },
    {
      name: 'role-chaining',
      ours: ['aws-role-chain'],
      how: 'The roles behind the first stand in one step; the sessions on the way are exported to nobody.',
    },
    { name: 'audience', ours: ['aws-audience'], how: "The same; its default is that of the region's partition." },
    {
      name: 'role-duration-seconds',
      ours: ['aws-session-duration', 'lifetime'],
      how: '`aws-session-duration` also takes 15m or 1h and is checked before anything is asked; `lifetime` is the ceiling for all clouds.',
    },
    {
      name: 'role-external-id',
      ours: ['aws-external-id'],
      how: 'Sent to every hop of `aws-role-chain`; without a chain it is an error, since AWS takes none with an identity token.',
    },
    {
      name: 'role-session-name',
      ours: ['aws-session-name'],
      how: 'The same; its default is unique to run, attempt and step, so that sessions can be told apart in CloudTrail.',
    },
    {
      name: 'role-skip-session-tagging',
      ours: [],
      how: 'There is none: no tag is sent but those in `aws-session-tags`.',
    },
    {
      name: 'transitive-tag-keys',
      ours: ['aws-transitive-tag-keys'],
      how: 'The same; a key that is no tag is an error, not left out.',
    },
    {
      name: 'custom-tags',
      ours: ['aws-session-tags'],
      how: 'The same JSON object, or one key=value a line; sent to the first hop of `aws-role-chain`, without which it is an error, not ignored.',
    },
    {
      name: 'inline-session-policy',
      ours: ['aws-session-policy'],
      how: 'The same; its size is checked before anything is asked. Behind a chain it is that of the last role.',
    },
    {
      name: 'managed-session-policies',
      ours: ['aws-session-policy-arns'],
      how: 'The same; one a line, or with commas.',
    },
    {
      name: 'mask-aws-account-id',
      ours: ['mask-identifiers'],
      how: 'For the accounts of all roles, and for the ids of the other clouds.',
    },
    {
      name: 'output-credentials',
      ours: ['output-credentials'],
      how: 'True, false, or the clouds for which: `aws`. The end is the output `aws-expires-at`.',
    },
    {
      name: 'output-env-credentials',
      ours: ['export-env'],
      how: 'True, false, or the clouds for which. The region is part of it.',
    },
    {
      name: 'unset-current-credentials',
      ours: [],
      how: 'There is none: credentials of the job are never used by the step, and the post step gives them back.',
    },
    {
      name: 'aws-profile',
      ours: ['aws-profile'],
      how: "Into copies of the files in a folder of the step's own, which the post step removes; your own files stay as they are.",
    },
    {
      name: 'overwrite-aws-profile',
      ours: [],
      how: 'There is none: a profile of that name is replaced in the copy, and it is said.',
    },
    {
      name: 'http-proxy',
      ours: [],
      how: 'There is none: `HTTPS_PROXY` or `HTTP_PROXY`, as the runner sets them, or in the `env` of the step.',
    },
    { name: 'no-proxy', ours: [], how: 'There is none: `NO_PROXY`, by the rule of curl.' },
    { name: 'disable-retry', ours: [], how: ONE_RETRY },
    {
      name: 'retry-max-attempts',
      ours: ['timeout'],
      how: 'A time in place of a number: refusals are tried once, whatever it is.',
    },
    {
      name: 'special-characters-workaround',
      ours: [],
      how: 'There is none: quote the variables in the tools that need it.',
    },
    {
      name: 'use-existing-credentials',
      ours: [],
      how: 'There is none: skip the step with `if` where a job has credentials of its own.',
    },
    {
      name: 'allowed-account-ids',
      ours: ['aws-allowed-account-ids'],
      how: 'The same, for the last role; checked before anything is exported.',
    },
    { name: 'force-skip-oidc', ours: [], how: STATIC },
    { name: 'action-timeout-s', ours: ['timeout'], how: 'Takes 90s or 2m too; what was obtained until then is ended.' },
    {
      name: 'sts-endpoint',
      ours: ['aws-sts-endpoint'],
      how: 'The same, over https; one that is not of AWS needs an `aws-audience` of its own, since it sees the token.',
    },
  ],
  moves: [
    {
      title: 'Assume a role',
      before: step([`role-to-assume: ${ROLE}`, 'aws-region: eu-west-1']),
      after: { 'aws-role-arn': ROLE, 'aws-region': 'eu-west-1' },
      note: 'The trust policy stays as it is. A condition on `sts:RoleSessionName` has to admit `gh-*`, or give `aws-session-name`.',
    },
    {
      title: 'A shorter session that may do less, in accounts that are listed',
      before: step([
        `role-to-assume: ${ROLE}`,
        'aws-region: eu-west-1',
        'role-duration-seconds: 900',
        'managed-session-policies: arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
        'allowed-account-ids: 123456789012',
      ]),
      after: {
        'aws-role-arn': ROLE,
        'aws-region': 'eu-west-1',
        'aws-session-duration': '15m',
        'aws-session-policy-arns': 'arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess',
        'aws-allowed-account-ids': '123456789012',
      },
    },
    {
      title: 'A second role through the first',
      before: `${step([`role-to-assume: ${ROLE}`, 'aws-region: eu-west-1'])}\n${step([
        `role-to-assume: ${NEXT}`,
        'aws-region: eu-west-1',
        'role-chaining: true',
        'role-external-id: octo-external',
        'custom-tags: \'{"team":"platform"}\'',
      ])}`,
      after: {
        'aws-role-arn': ROLE,
        'aws-region': 'eu-west-1',
        'aws-role-chain': NEXT,
        'aws-external-id': 'octo-external',
        'aws-session-tags': '{"team":"platform"}',
      },
      note: "Two steps become one, and the first role's session is exported no more. No tags are sent but yours.",
    },
    {
      title: 'A named profile',
      before: step([`role-to-assume: ${ROLE}`, 'aws-region: eu-west-1', 'aws-profile: ci']),
      after: { 'aws-role-arn': ROLE, 'aws-region': 'eu-west-1', 'aws-profile': 'ci' },
      note: '`AWS_PROFILE`, `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` are exported: to use the profile in one step alone, set `export-env: false` and take the output `aws-config-file`.',
    },
    {
      title: 'Credentials as outputs, not in the environment',
      before: step([
        `role-to-assume: ${ROLE}`,
        'aws-region: eu-west-1',
        'output-credentials: true',
        'output-env-credentials: false',
      ]),
      after: {
        'aws-role-arn': ROLE,
        'aws-region': 'eu-west-1',
        'output-credentials': 'aws',
        'export-env': 'false',
      },
      note: 'The outputs `aws-access-key-id`, `aws-secret-access-key`, `aws-session-token` and `aws-account-id` have the same names; `aws-expiration` is `aws-expires-at`.',
    },
  ],
};

/** A step of the peer's. */
function step(inputs: readonly string[]): string {
  return ['- uses: aws-actions/configure-aws-credentials@v6', '  with:', ...inputs.map((line) => `    ${line}`)].join(
    '\n',
  );
}
