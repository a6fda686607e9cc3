// Vault's trust in Terraform's words (provider hashicorp/vault).
import type { Snippet } from '../../core/documents.ts';
import { blockLines, labelOf } from '../../core/hcl.ts';
import type { VaultTrust } from './trust.ts';

/** Role and policy; and the auth method, where there is none. */
export function terraform(said: VaultTrust): Snippet[] {
  const label = labelOf(said.role);
  return [
    {
      title: 'In Terraform',
      language: 'hcl',
      place: 'more',
      lines: [...role(said, label), ...(said.policy.length > 0 ? ['', ...policy(said, label)] : [])],
    },
    {
      title: 'In Terraform, the auth method',
      language: 'hcl',
      place: 'setup',
      lines: blockLines({
        type: 'resource',
        labels: ['vault_jwt_auth_backend', labelOf(said.mount)],
        arguments: [
          ['namespace', said.namespace],
          ['path', said.mount],
          ['oidc_discovery_url', said.issuer],
          ['bound_issuer', said.issuer],
        ],
      }),
    },
  ];
}

function role(said: VaultTrust, label: string): string[] {
  return blockLines({
    type: 'resource',
    labels: ['vault_jwt_auth_backend_role', label],
    arguments: [
      ['namespace', said.namespace],
      ['backend', said.mount],
      ['role_name', said.role],
      ['role_type', 'jwt'],
      ['bound_audiences', [said.audience]],
      ['bound_subject', said.subject],
      ['bound_claims_type', 'string'],
      ['bound_claims', Object.keys(said.claims).length > 0 ? said.claims : undefined],
      ['user_claim', said.userClaim],
      ['token_policies', [said.role]],
      ['token_ttl', TTL_SECONDS],
    ],
  });
}

/** Terraform counts in seconds what the command writes as `1h`. */
const TTL_SECONDS = 3600;

/** The policy as a here-document: its lines hold no template, `hcl` has seen to that. */
function policy(said: VaultTrust, label: string): string[] {
  const [head = '', ...rest] = blockLines({
    type: 'resource',
    labels: ['vault_policy', label],
    arguments: [
      ['namespace', said.namespace],
      ['name', said.role],
    ],
  });
  const document = ['  policy = <<-HCL', ...said.policy.map((line) => `    ${line}`), '  HCL'];
  return [head, ...rest.slice(0, -1), ...document, '}'];
}
