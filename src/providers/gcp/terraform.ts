// Google's trust in Terraform's words (provider hashicorp/google).
import type { Snippet } from '../../core/documents.ts';
import { type Block, blockLines, labelOf } from '../../core/hcl.ts';
import { projectOf } from './request.ts';
import type { GcpTrust } from './trust.ts';

/** Provider and binding; and the pool, where there is none. */
export function terraform(said: GcpTrust): Snippet[] {
  const label = labelOf(said.providerId);
  return [
    {
      title: 'In Terraform',
      language: 'hcl',
      place: 'more',
      lines: [...blockLines(provider(said, label)), '', ...blockLines(member(said, label))],
    },
    {
      title: 'In Terraform, the pool',
      language: 'hcl',
      place: 'setup',
      lines: blockLines({
        type: 'resource',
        labels: ['google_iam_workload_identity_pool', labelOf(said.pool)],
        arguments: [
          ['project', said.project],
          ['workload_identity_pool_id', said.pool],
        ],
      }),
    },
  ];
}

function provider(said: GcpTrust, label: string): Block {
  return {
    type: 'resource',
    labels: ['google_iam_workload_identity_pool_provider', label],
    arguments: [
      ['project', said.project],
      ['workload_identity_pool_id', said.pool],
      ['workload_identity_pool_provider_id', said.providerId],
      ['attribute_mapping', said.mapping],
      ['attribute_condition', said.condition],
    ],
    blocks: [
      {
        type: 'oidc',
        arguments: [
          ['issuer_uri', said.issuer],
          ['allowed_audiences', [said.audience]],
        ],
      },
    ],
  };
}

function member({ chain, role, projectId, principal }: GcpTrust, label: string): Block {
  const [serviceAccount] = chain;
  if (!serviceAccount) {
    return {
      type: 'resource',
      labels: ['google_project_iam_member', label],
      arguments: [
        ['project', projectId ?? 'PROJECT'],
        ['role', 'ROLE'],
        ['member', principal],
      ],
    };
  }
  return {
    type: 'resource',
    labels: ['google_service_account_iam_member', label],
    arguments: [
      ['service_account_id', `projects/${projectOf(serviceAccount) ?? '-'}/serviceAccounts/${serviceAccount}`],
      ['role', role],
      ['member', principal],
    ],
  };
}
