// The inputs that belong to no cloud.
import { input } from '../core/input.ts';
import { boolean, clouds, duration, oneOf, pem, text } from '../core/kinds.ts';

export const commonInputs = {
  lifetime: input({
    name: 'lifetime',
    kind: duration(60, 12 * 3600),
    default: '1h',
    description:
      'For how long later steps are to have working credentials; a ceiling. Each cloud gives the nearest at or below that it can; where it can only give more, the step says so.',
  }),
  keepFresh: input({
    name: 'keep-fresh',
    kind: oneOf('auto', 'always', 'never'),
    default: 'auto',
    description:
      "Whether a small background process of the step renews credentials until `lifetime` or the post step. `auto`: where a consumer could not otherwise reach `lifetime` (Azure's token file and the login of its CLI, Google's credentials file, Vault's token). `always`: also AWS, as sessions of 15 minutes. `never`: what ends earlier is said.",
  }),
  revoke: input({
    name: 'revoke',
    kind: boolean,
    default: 'true',
    description: 'Whether the post step revokes what can be revoked. Local files are removed in any case.',
  }),
  onRevokeFailure: input({
    name: 'on-revoke-failure',
    kind: oneOf('warn', 'fail'),
    default: 'warn',
    description: 'What a revocation that did not succeed does to the job: `warn` or `fail`.',
  }),
  exportEnv: input({
    name: 'export-env',
    kind: clouds,
    default: 'true',
    description: 'Credentials into the environment of later steps: `true`, `false`, or the clouds for which.',
  }),
  outputCredentials: input({
    name: 'output-credentials',
    kind: clouds,
    default: 'false',
    description: 'Credentials also as masked step outputs: `true`, `false`, or the clouds for which.',
  }),
  onMissingToken: input({
    name: 'on-missing-token',
    kind: oneOf('fail', 'skip'),
    default: 'fail',
    description:
      '`skip`: a pull request from a fork or by Dependabot, which cannot mint a token, ends the step green with `federated` = `false`. A forgotten permission fails in any case.',
  }),
  onUntrustedEvent: input({
    name: 'on-untrusted-event',
    kind: oneOf('warn', 'fail', 'allow'),
    default: 'warn',
    description:
      "What `pull_request_target`, `issue_comment` and `workflow_run` of a fork do, by the token's own claims: `warn`, `fail` or `allow`.",
  }),
  checkOnly: input({
    name: 'check-only',
    kind: boolean,
    default: 'false',
    description:
      'Mint the token, show claims, plan and the trust that each cloud would need, and ask what can be asked without a credential; exchange and export nothing.',
  }),
  propagationWait: input({
    name: 'propagation-wait',
    kind: duration(0, 15 * 60),
    default: '0',
    description:
      'How long to repeat the refusals that a fresh trust causes (Entra and Google take minutes); at most `timeout`, which has to be raised with it.',
  }),
  timeout: input({
    name: 'timeout',
    kind: duration(10, 3600),
    default: '2m',
    description: 'Time for the whole step, retries included.',
  }),
  caCertificate: input({
    name: 'ca-certificate',
    kind: pem,
    description:
      'Further PEM certificates to trust for every host (a path or the text), for TLS inspection and GitHub Enterprise Server.',
  }),
  summary: input({
    name: 'summary',
    kind: oneOf('true', 'false', 'on-failure'),
    default: 'true',
    description:
      'The job summary: `true`, `false` or `on-failure`. On a public repository success shows no account, tenant or secret path.',
  }),
  maskIdentifiers: input({
    name: 'mask-identifiers',
    kind: boolean,
    default: 'false',
    description: 'Mask account, tenant, project and client ids too.',
  }),
  githubToken: input({
    name: 'github-token',
    kind: text,
    description: "Only for better advice: reads the repository's subject customisation (`actions: read`).",
    secret: true,
  }),
} as const;
