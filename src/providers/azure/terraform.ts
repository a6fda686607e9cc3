// Entra's trust in Terraform's words (providers hashicorp/azuread and hashicorp/azurerm).
import type { Snippet } from '../../core/documents.ts';
import { type Block, blockLines, labelOf, Reference } from '../../core/hcl.ts';
import type { AzureTrust } from './trust.ts';

type Flexible = NonNullable<AzureTrust['flexible']>;

/** For an application, flexible where the workflow must be held; and for a managed identity. */
export function terraform(said: AzureTrust): Snippet[] {
  const label = labelOf(said.name);
  const application = /^[0-]+$/.test(said.clientId) ? made(said, label) : found(said, label);
  const { id } = application;
  return [
    {
      title: 'In Terraform, for an app registration',
      language: 'hcl',
      place: 'more',
      lines: [...blockLines(application.block), '', ...blockLines(exact(said, label, id))],
    },
    ...(said.flexible === undefined
      ? []
      : [
          {
            title: 'In Terraform, the flexible credential in its place',
            language: 'hcl',
            place: 'more',
            lines: [...blockLines(application.block), '', ...blockLines(flexible(said, said.flexible, label, id))],
          } as const,
        ]),
    {
      title: 'In Terraform, for a managed identity (put in its name and resource group)',
      language: 'hcl',
      place: 'more',
      lines: managed(said, label),
    },
  ];
}

function found({ clientId }: AzureTrust, label: string): { block: Block; id: Reference } {
  return {
    block: { type: 'data', labels: ['azuread_application', label], arguments: [['client_id', clientId]] },
    id: new Reference(`data.azuread_application.${label}.id`),
  };
}

function made({ name }: AzureTrust, label: string): { block: Block; id: Reference } {
  return {
    block: {
      type: 'resource',
      labels: ['azuread_application_registration', label],
      arguments: [['display_name', name]],
    },
    id: new Reference(`azuread_application_registration.${label}.id`),
  };
}

function exact(said: AzureTrust, label: string, application: Reference): Block {
  return {
    type: 'resource',
    labels: ['azuread_application_federated_identity_credential', label],
    arguments: [
      ['application_id', application],
      ['display_name', said.name],
      ['issuer', said.issuer],
      ['subject', said.subject],
      ['audiences', [said.audience]],
    ],
  };
}

function flexible(said: AzureTrust, { name, expression }: Flexible, label: string, application: Reference): Block {
  return {
    type: 'resource',
    labels: ['azuread_application_flexible_federated_identity_credential', label],
    arguments: [
      ['application_id', application],
      ['display_name', name],
      ['issuer', said.issuer],
      ['audience', said.audience],
      ['claims_matching_expression', expression],
    ],
  };
}

function managed(said: AzureTrust, label: string): string[] {
  const identity: Block = {
    type: 'data',
    labels: ['azurerm_user_assigned_identity', label],
    arguments: [
      ['name', 'NAME'],
      ['resource_group_name', 'GROUP'],
    ],
  };
  const credential: Block = {
    type: 'resource',
    labels: ['azurerm_federated_identity_credential', label],
    arguments: [
      ['name', said.name],
      ['resource_group_name', 'GROUP'],
      ['parent_id', new Reference(`data.azurerm_user_assigned_identity.${label}.id`)],
      ['issuer', said.issuer],
      ['subject', said.subject],
      ['audience', [said.audience]],
    ],
  };
  return [...blockLines(identity), '', ...blockLines(credential)];
}
