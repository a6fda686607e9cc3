// AWS's trust in Terraform's words (provider hashicorp/aws).
import type { Snippet } from '../../core/documents.ts';
import { type Block, blockLines, labelOf, Reference } from '../../core/hcl.ts';
import type { AwsTrust } from './trust.ts';

/** Policy document and role; and the OIDC provider, where there is none. */
export function terraform(said: AwsTrust): Snippet[] {
  const label = labelOf(said.role);
  const role: Block = {
    type: 'resource',
    labels: ['aws_iam_role', label],
    arguments: [
      ['name', said.role],
      ['path', said.path === '/' ? undefined : said.path],
      ['assume_role_policy', new Reference(`data.aws_iam_policy_document.${label}_trust.json`)],
    ],
  };
  return [
    {
      title: 'In Terraform',
      language: 'hcl',
      place: 'more',
      lines: [...blockLines(policyDocument(said, `${label}_trust`)), '', ...blockLines(role)],
    },
    {
      title: 'In Terraform, the OIDC provider (one an account and issuer)',
      language: 'hcl',
      place: 'setup',
      lines: blockLines({
        type: 'resource',
        labels: ['aws_iam_openid_connect_provider', 'github_actions'],
        arguments: [
          ['url', said.issuer],
          ['client_id_list', [said.audience]],
        ],
      }),
    },
  ];
}

function policyDocument(said: AwsTrust, label: string): Block {
  const principals: Block = {
    type: 'principals',
    arguments: [
      ['type', 'Federated'],
      ['identifiers', [said.provider]],
    ],
  };
  const conditions = Object.entries(said.equals).map(
    ([variable, value]): Block => ({
      type: 'condition',
      arguments: [
        ['test', 'StringEquals'],
        ['variable', variable],
        ['values', [value]],
      ],
    }),
  );
  const statement: Block = {
    type: 'statement',
    arguments: [['actions', ['sts:AssumeRoleWithWebIdentity']]],
    blocks: [principals, ...conditions],
  };
  return { type: 'data', labels: ['aws_iam_policy_document', label], arguments: [], blocks: [statement] };
}
