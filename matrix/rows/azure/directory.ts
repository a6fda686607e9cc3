// Azure: tenant, application, scope (facts: azure 2, 8.2).
import { obey, setInput } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { INPUTS } from '../../scene.ts';
import { credential, GHES, identity, input, mended, right, says, tenant } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'Wrong tenant: the application is in another',
    source: 'azure 8.2',
    played: 'trust document',
    scene: tenant({ identities: [] }),
    id: 'azure/unknown-client',
    cause: /no application \S+ in the tenant/,
    fix: obey(/Check (azure-tenant-id)/, (at) => ({ ...at, trust: right.trust })),
  },
  {
    mistake: 'The object id in the place of the client id',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-client-id', '44444444-4444-4444-8444-444444444444'),
    id: 'azure/unknown-client',
    cause: /not the object id/,
    fix: obey(/Check (azure-client-id): .*not the object id/, (at, name) =>
      setInput(at, name ?? '', INPUTS.azure['azure-client-id']),
    ),
  },
  {
    mistake: 'The application has no service principal in the tenant',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      7000229,
      'The client application 11111111-1111-4111-8111-111111111111 is missing service principal in the tenant 22222222-2222-4222-8222-222222222222.',
    ),
    id: 'azure/no-service-principal',
    cause: /has no service principal/,
    fix: mended(/`az ad sp create --id/),
  },
  {
    mistake: 'Wrong cloud',
    source: 'azure 8.2',
    played: 'inputs',
    scene: input('azure-cloud', 'usgovernment'),
    id: 'azure/unknown-tenant',
    cause: /knows no tenant \S+ in the cloud usgovernment/,
    fix: obey(/Check (azure-cloud)/, (at, name) => setInput(at, name ?? '', 'public')),
  },
  {
    mistake: 'The tenant does not exist',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-tenant-id', '99999999-9999-4999-8999-999999999999'),
    id: 'azure/unknown-tenant',
    cause: /knows no tenant 99999999/,
    fix: obey(/Check (azure-tenant-id)/, (at, name) => setInput(at, name ?? '', INPUTS.azure['azure-tenant-id'])),
  },
  {
    mistake: 'The tenant is neither a GUID nor a domain',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-tenant-id', 'octo'),
    id: 'inputs/invalid',
    cause: /azure-tenant-id: got "octo"/,
    fix: obey(/(azure-tenant-id): got/, (at, name) => setInput(at, name ?? '', INPUTS.azure['azure-tenant-id'])),
  },
  {
    mistake: 'A scope without /.default',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-scopes', 'https://management.azure.com/user_impersonation'),
    id: 'inputs/invalid',
    cause: /azure-scopes/,
    fix: obey(/(azure-scopes): got/, (at, name) => setInput(at, name ?? '', 'https://management.azure.com/.default')),
  },
  {
    mistake: 'A scope of an application that the tenant does not have',
    source: 'azure 2',
    played: 'inputs',
    scene: input('azure-scopes', 'api://nobody/.default'),
    id: 'azure/scope-refused',
    cause: /no token for one of the scopes api:\/\/nobody/,
    fix: obey(/Check (azure-scopes)/, (at, name) => setInput(at, name ?? '', '')),
  },
  {
    mistake: 'The application is disabled',
    source: 'azure 2',
    played: 'trust document',
    scene: identity({ disabled: true }),
    id: 'azure/disabled',
    cause: /is disabled/,
    fix: obey(/Enable it/, (at) => identity({ disabled: false }, at)),
  },
  {
    mistake: 'Entra cannot reach the issuer (GHES)',
    source: 'azure 8.2',
    played: 'trust document',
    scene: { ...credential({ issuer: GHES }), claims: { iss: GHES } },
    id: 'azure/keys-unreachable',
    cause: /could not reach the issuer https:\/\/github\.example\.com/,
    fix: 'Whoever runs the server must make it public',
  },
];
