// Rows for the engines that make users and tokens in a system behind them, and for identity tokens: more of the table in `requests.ts`.
import type { Ask, Row } from './requests.ts';

const get = (path: string): Ask => ({ method: 'GET', path });
const post = (path: string, body: unknown = {}): Ask => ({ method: 'POST', path, body });
const UNSUPPORTED = ['1 error occurred:\n\t* unsupported operation\n\n'];
const row = (name: string, ask: Ask, rest: Pick<Row, 'status'> & Partial<Row>): Row => ({
  name,
  as: 'ci',
  ask,
  ...rest,
});

export const ENGINES: readonly Row[] = [
  row('RabbitMQ', get('rabbitmq/creds/app'), {
    status: 200,
    holds: {
      lease_id: /^rabbitmq\/creds\/app\//,
      renewable: true,
      lease_duration: 600,
      'data.username': /^jwt-octo-org\/octo-repo-[0-9a-f-]{36}$/,
      'data.password': /^.{36}$/,
    },
  }),
  row('RabbitMQ, no such role', get('rabbitmq/creds/none'), { status: 400, errors: ['unknown role: none'] }),
  row('RabbitMQ by POST', post('rabbitmq/creds/app'), { status: 405, errors: UNSUPPORTED }),
  row('Kubernetes, an account that is there', post('kubernetes/creds/fixed', { kubernetes_namespace: 'ci' }), {
    status: 200,
    holds: {
      lease_id: /^kubernetes\/creds\/fixed\//,
      renewable: false,
      lease_duration: 600,
      'data.service_account_name': 'deployer',
      'data.service_account_namespace': 'ci',
      'data.service_account_token': /./,
    },
  }),
  row('Kubernetes, the only namespace need not be named', post('kubernetes/creds/fixed'), {
    status: 200,
    holds: { 'data.service_account_namespace': 'ci' },
  }),
  row('Kubernetes, an account made for it', post('kubernetes/creds/made', { kubernetes_namespace: 'team-a' }), {
    status: 200,
    holds: { 'data.service_account_name': /^v-jwt-octo-made-/, 'data.service_account_namespace': 'team-a' },
  }),
  row('Kubernetes, another namespace', post('kubernetes/creds/fixed', { kubernetes_namespace: 'other' }), {
    status: 400,
    errors: [
      "kubernetes_namespace 'other' is not present in role's allowed_kubernetes_namespaces or does not match role's label selector allowed_kubernetes_namespace_selector",
    ],
  }),
  row('Kubernetes, no such role', post('kubernetes/creds/none', { kubernetes_namespace: 'ci' }), {
    status: 400,
    errors: ["role 'none' does not exist"],
  }),
  row('Kubernetes by GET', get('kubernetes/creds/fixed'), { status: 405, errors: UNSUPPORTED }),
  row('an identity token', get('identity/oidc/token/app'), {
    status: 200,
    holds: { lease_id: '', 'data.ttl': 600, 'data.token': /^ey[\w-]+\.[\w-]+\.[\w-]+$/, 'data.client_id': /./ },
  }),
  row('an identity token, no such role', get('identity/oidc/token/none'), {
    status: 400,
    errors: ['role "none" not found'],
  }),
  row('an identity token by POST', post('identity/oidc/token/app'), { status: 405, errors: UNSUPPORTED }),
  row('Consul', get('consul/creds/app'), {
    only: 'vault',
    status: 200,
    holds: { lease_id: /^consul\/creds\/app\//, renewable: true, 'data.token': /./, 'data.accessor': /./ },
  }),
  row('Consul, no such role', get('consul/creds/none'), {
    only: 'vault',
    status: 400,
    errors: ['role "none" not found'],
  }),
  row('Consul by POST', post('consul/creds/app'), { only: 'vault', status: 405, errors: UNSUPPORTED }),
  row('Nomad', get('nomad/creds/app'), {
    only: 'vault',
    status: 200,
    holds: { lease_id: /^nomad\/creds\/app\//, 'data.secret_id': /./, 'data.accessor_id': /./ },
  }),
  row('Nomad, no such role', get('nomad/creds/none'), {
    only: 'vault',
    status: 400,
    errors: ['role "none" not found'],
  }),
  row('LDAP, an entry', get('ldap/creds/app'), {
    only: 'vault',
    status: 200,
    holds: { lease_id: /^ldap\/creds\/app\//, 'data.username': /./, 'data.distinguished_names.0': /^cn=/ },
  }),
  row('LDAP, no such role', get('ldap/creds/none'), { only: 'vault', status: 400, errors: ['role "none" not found'] }),
  row('LDAP, a fixed password', get('ldap/static-cred/svc'), {
    only: 'vault',
    status: 200,
    holds: { lease_id: '', 'data.username': 'svc', 'data.password': 'ldap static password', 'data.dn': /^cn=svc/ },
  }),
  row('LDAP, an account checked out', post('ldap/library/set/check-out'), {
    only: 'vault',
    status: 200,
    holds: { lease_id: /^ldap\/library\/set\/check-out\//, 'data.service_account_name': 'svc-1', 'data.password': /./ },
  }),
  row('LDAP, every account is out', post('ldap/library/set/check-out'), {
    only: 'vault',
    before: [post('ldap/library/set/check-out'), post('ldap/library/set/check-out')],
    status: 400,
    errors: ['No service accounts available for check-out.'],
  }),
  row('LDAP, checked out by GET', get('ldap/library/set/check-out'), {
    only: 'vault',
    status: 405,
    errors: UNSUPPORTED,
  }),
  row('AWS, an IAM user by POST', post('aws/creds/user', { ttl: '15m' }), {
    only: 'vault',
    status: 200,
    holds: { lease_id: /^aws\/creds\/user\// },
  }),
  row('Google Cloud, a key by POST', post('gcp/roleset/reader/key', { key_type: 'TYPE_GOOGLE_CREDENTIALS_FILE' }), {
    only: 'vault',
    status: 403,
  }),
];
