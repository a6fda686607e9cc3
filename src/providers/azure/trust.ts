// The federated credential that accepts exactly this token (facts: azure 2, 8.1). Entra compares issuer, subject and audience; a flexible
// credential, in preview, also the workflow.
import { boundClaims, isReused } from '../../core/binding.ts';
import { type Claims, claim } from '../../core/claims.ts';
import { type Documents, logLines, noDocuments, type Snippet } from '../../core/documents.ts';
import { entra, jsonLines, shell } from '../../core/quoting.ts';
import { readSubject } from '../../core/subject.ts';
import { admits, type Speaker, speakerOf, whyNoTrust } from '../../core/trustable.ts';
import type { AzureRequest } from './request.ts';
import { terraform } from './terraform.ts';

/** What the trust says, whatever the language. */
export interface AzureTrust {
  /** Of the application; of zeros alone: it is to be made, and its id will stand in the shell variable APP_ID. */
  readonly clientId: string;
  readonly name: string;
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
  /** A credential that also holds the workflow; undefined where none is needed, or none can be had. */
  readonly flexible?: { readonly name: string; readonly expression: string };
}

const LINKS = [
  'https://learn.microsoft.com/entra/workload-id/workload-identity-federation-create-trust',
  'https://docs.github.com/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-azure',
];
const LONGEST_NAME = 120;
/** Flexible credentials know this issuer alone, letter by letter. */
const PUBLIC_ISSUER = 'https://token.actions.githubusercontent.com';

/** Lines for a failing step's log; or the one line that says why there are none. */
export function trust(request: AzureRequest, claims: Claims): readonly string[] {
  return logLines(documents(request, claims));
}

/** The trust in every form: `az` for an application and for a managed identity, flexible where the workflow must be held, Terraform. */
export function documents(request: AzureRequest, claims: Claims): Documents {
  const refused = whyNoTrust(claims);
  if (refused) return noDocuments(refused);
  const said = trustOf(request, claims);
  return {
    snippets: [...primary(said), ...managed(said), ...workflowBound(said), ...terraform(said), ...setup(said)],
    notes: [...admits(claims), ...limits(claims, said)],
    links: LINKS,
  };
}

function trustOf(request: AzureRequest, claims: Claims): AzureTrust {
  const speaker = speakerOf(claims);
  const { issuer, subject, audience } = speaker;
  const workflow = boundClaims(claims).find((bound) => bound.claim === 'job_workflow_ref')?.value;
  const name = nameOf(speaker);
  const fits = workflow !== undefined && isReused(claims) && issuer === PUBLIC_ISSUER && request.cloud === 'public';
  return {
    clientId: request.clientId,
    name,
    issuer,
    subject,
    audience,
    ...(fits && {
      flexible: {
        name: `${name.slice(0, LONGEST_NAME - 9)}-workflow`,
        expression: `claims['sub'] eq ${entra(subject)} and claims['job_workflow_ref'] eq ${entra(workflow)}`,
      },
    }),
  };
}

/** What Entra cannot compare, by the claims that this token has. */
function limits(claims: Claims, said: AzureTrust): string[] {
  const bound = boundClaims(claims).map(({ claim: name }): string => name);
  const names = [...new Set([...bound, ...(claim(claims, 'job_workflow_ref') ? ['job_workflow_ref'] : [])])];
  const ids = readSubject(claims).form === 'immutable' ? [] : names.filter((name) => name.endsWith('_id'));
  const lost = [...ids, ...names.filter((name) => !name.endsWith('_id'))];
  if (lost.length === 0) return [];
  return [
    `Entra compares nothing but issuer, subject and audience: it also lets in what differs from this token in ${lost.join(', ')} alone.${said.flexible ? ' The flexible credential holds job_workflow_ref too, in place of the other one.' : ''}`,
    ...(ids.length > 0
      ? [
          'To hold the ids, let the repository send the immutable subject: gh api --method PUT repos/OWNER/REPO/actions/oidc/customization/sub -F use_default=true -F use_immutable_subject=true',
        ]
      : []),
  ];
}

/** The command line has no id yet where it is to say how an application is made. */
function isToBeMade({ clientId }: Pick<AzureTrust, 'clientId'>): boolean {
  return /^[0-]+$/.test(clientId);
}

/** `APP_ID` is what the setup sets. */
function appWord(said: AzureTrust): string {
  return isToBeMade(said) ? '"$APP_ID"' : shell(said.clientId);
}

function credentialOf({ name, issuer, subject, audience }: AzureTrust): object {
  return { name, issuer, subject, audiences: [audience] };
}

function primary(said: AzureTrust): Snippet[] {
  const credential = credentialOf(said);
  return [
    { title: 'Federated credential', language: 'json', place: 'log', lines: jsonLines(credential) },
    {
      title:
        'For an app registration (where one with this issuer and subject is there, change its audience: update, with --federated-credential-id)',
      language: 'sh',
      place: 'log',
      lines: [
        `az ad app federated-credential create --id ${appWord(said)} --parameters ${shell(JSON.stringify(credential))}`,
      ],
    },
  ];
}

function managed({ name, issuer, subject, audience }: AzureTrust): Snippet[] {
  return [
    {
      title: 'For a managed identity (put in its name and resource group; az identity list --output table shows them)',
      language: 'sh',
      place: 'log',
      lines: [
        `az identity federated-credential create --name ${shell(name)} --identity-name NAME --resource-group GROUP --issuer ${shell(issuer)} --subject ${shell(subject)} --audiences ${shell(audience)}`,
      ],
    },
  ];
}

/** Graph's beta alone has them; a credential of the same name and subject must go first. */
function workflowBound(said: AzureTrust): Snippet[] {
  if (!said.flexible) return [];
  const body = {
    name: said.flexible.name,
    issuer: said.issuer,
    audiences: [said.audience],
    claimsMatchingExpression: { value: said.flexible.expression, languageVersion: 1 },
  };
  const url = isToBeMade(said)
    ? `"https://graph.microsoft.com/beta/applications(appId='$APP_ID')/federatedIdentityCredentials"`
    : shell(`https://graph.microsoft.com/beta/applications(appId='${said.clientId}')/federatedIdentityCredentials`);
  return [
    {
      title:
        'In its place, a flexible credential (preview; app registrations only), which also holds the reusable workflow',
      language: 'sh',
      place: 'log',
      lines: [`az rest --method post --url ${url} --body ${shell(JSON.stringify(body))}`],
    },
  ];
}

function setup(said: AzureTrust): Snippet[] {
  if (!isToBeMade(said)) return [];
  return [
    {
      title:
        'The application and its service principal; then give it the roles that the job needs (put in role and scope)',
      language: 'sh',
      place: 'setup',
      lines: [
        `APP_ID=$(az ad app create --display-name ${shell(said.name)} --query appId --output tsv)`,
        'az ad sp create --id "$APP_ID"',
        'az role assignment create --assignee "$APP_ID" --role ROLE --scope SCOPE',
      ],
    },
  ];
}

/** Letters, digits and dashes, from the subject: what Entra takes as a name, and what people find again. */
function nameOf({ subject }: Speaker): string {
  const name = subject.replace(/[^A-Za-z0-9]+/g, '-').slice(0, LONGEST_NAME);
  return name.replace(/^-+|-+$/g, '').padEnd(3, '0');
}
