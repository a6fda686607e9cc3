// From google-github-actions/auth: all of its inputs (facts: gcp 4.1), and what takes their place.
import { gcp } from '../../scripts/migrate/gcp.ts';
import { holdsMoves, holdsTable } from './migration.ts';

describe('inputs', () => {
  holdsTable(gcp, {
    project_id: ['gcp-project-id'],
    workload_identity_provider: ['gcp-workload-identity-provider'],
    service_account: ['gcp-service-account'],
    audience: ['gcp-audience'],
    credentials_json: [],
    create_credentials_file: ['gcp-create-credentials-file'],
    export_environment_variables: ['export-env'],
    token_format: ['gcp-token-format', 'output-credentials'],
    delegates: ['gcp-delegates'],
    universe: ['gcp-universe'],
    request_reason: ['gcp-request-reason'],
    cleanup_credentials: [],
    access_token_lifetime: ['gcp-token-lifetime'],
    access_token_scopes: ['gcp-scopes'],
    access_token_subject: ['gcp-subject'],
    id_token_audience: ['gcp-id-token-audience'],
    id_token_include_email: ['gcp-id-token-include-email'],
  });
});

describe('workflows', () => {
  holdsMoves(gcp);
});
