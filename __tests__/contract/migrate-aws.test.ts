// Who comes from aws-actions/configure-aws-credentials finds every input of it, and what takes its place here.
import { parse } from 'yaml';
import { aws } from '../../scripts/migrate/aws.ts';
import { inputGroups, readInputs } from '../../src/inputs/index.ts';

/** All inputs of version 6 (facts: aws 4.2). */
const PEER =
  `aws-region role-to-assume aws-access-key-id aws-secret-access-key aws-session-token web-identity-token-file role-chaining audience
  role-duration-seconds role-external-id role-session-name role-skip-session-tagging transitive-tag-keys custom-tags inline-session-policy
  managed-session-policies mask-aws-account-id output-credentials output-env-credentials unset-current-credentials aws-profile
  overwrite-aws-profile http-proxy no-proxy disable-retry retry-max-attempts special-characters-workaround use-existing-credentials
  allowed-account-ids force-skip-oidc action-timeout-s sts-endpoint`.split(/\s+/);

const OURS = new Set(inputGroups().flatMap((group) => group.fields.map((field) => field.name)));

it('has every input of the peer once, and no other', () => {
  expect(PEER).toHaveLength(32);
  expect(aws.inputs.map(({ name }) => name).sort()).toEqual([...PEER].sort());
});

it.each(aws.inputs.map((row) => [row.name, row] as const))(
  '%s: ours are there, or it is said why there is none',
  (_, { ours, how }) => {
    expect(ours.filter((name) => !OURS.has(name))).toEqual([]);
    expect(how).toMatch(/^[A-Z`].{10,}\.$/);
    expect(how.startsWith('There is none: ')).toBe(ours.length === 0);
  },
);

it('names every input of ours for AWS that has a counterpart there', () => {
  const own =
    inputGroups()
      .find(({ cloud }) => cloud === 'aws')
      ?.fields.map(({ name }) => name) ?? [];
  const named = new Set(aws.inputs.flatMap(({ ours }) => ours));
  expect(own.filter((name) => !named.has(name))).toEqual([
    'aws-source-identity',
    'aws-use-fips-endpoint',
    'aws-use-dualstack-endpoint',
  ]);
});

describe.each(aws.moves.map((move) => [move.title, move] as const))('%s', (_, { before, after }) => {
  it('before: steps of the peer with inputs that it has', () => {
    const steps = parse(before) as { uses: string; with: Record<string, unknown> }[];
    for (const { uses, with: inputs } of steps) {
      expect(uses).toBe(aws.action);
      expect(Object.keys(inputs).filter((name) => !PEER.includes(name))).toEqual([]);
    }
  });
  it('after: inputs that this action takes', () => {
    const found = readInputs(
      (name) => after[name],
      Object.keys(after),
      () => '',
    );
    expect(found.ok ? [] : found.problems).toEqual([]);
  });
});
