import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { actionYaml, generate, readme } from '../../scripts/generate.ts';
import { inputGroups } from '../../src/inputs/index.ts';
import { OUTPUTS } from '../../src/outputs.ts';
import { ROOT, sourceFiles } from './source-files.ts';

/** The contract's own lists; what is added is fine, what is gone is not. */
const INPUTS = [
  ...['lifetime', 'keep-fresh', 'revoke', 'on-revoke-failure', 'export-env', 'output-credentials', 'on-missing-token'],
  ...[
    'on-untrusted-event',
    'check-only',
    'propagation-wait',
    'timeout',
    'ca-certificate',
    'summary',
    'mask-identifiers',
    'github-token',
  ],
  ...['aws-role-arn', 'aws-region', 'aws-audience', 'aws-session-name', 'aws-session-duration', 'aws-session-policy'],
  ...['aws-session-policy-arns', 'aws-role-chain', 'aws-external-id', 'aws-session-tags', 'aws-transitive-tag-keys'],
  ...['aws-source-identity', 'aws-allowed-account-ids', 'aws-profile', 'aws-sts-endpoint', 'aws-use-fips-endpoint'],
  ...['aws-use-dualstack-endpoint'],
  ...[
    'azure-client-id',
    'azure-tenant-id',
    'azure-subscription-id',
    'azure-cloud',
    'azure-audience',
    'azure-scopes',
    'azure-consumers',
  ],
  ...['gcp-workload-identity-provider', 'gcp-service-account', 'gcp-project-id', 'gcp-quota-project', 'gcp-audience'],
  ...['gcp-token-format', 'gcp-scopes', 'gcp-token-lifetime', 'gcp-id-token-audience', 'gcp-id-token-include-email'],
  ...['gcp-delegates', 'gcp-subject', 'gcp-universe', 'gcp-request-reason', 'gcp-create-credentials-file'],
  ...[
    'vault-url',
    'vault-role',
    'vault-auth-path',
    'vault-namespace',
    'vault-auth-namespace',
    'vault-audience',
    'vault-secrets',
  ],
  ...['vault-export-token', 'vault-headers', 'vault-ca-certificate', 'vault-client-certificate', 'vault-client-key'],
  ...['vault-tls-skip-verify', 'vault-ignore-not-found'],
];
const DEFAULTS: Readonly<Record<string, string>> = {
  lifetime: '1h',
  'keep-fresh': 'auto',
  revoke: 'true',
  'on-revoke-failure': 'warn',
  'export-env': 'true',
  'output-credentials': 'false',
  'on-missing-token': 'fail',
  'on-untrusted-event': 'warn',
  'check-only': 'false',
  'propagation-wait': '0',
  timeout: '2m',
  summary: 'true',
  'mask-identifiers': 'false',
  'vault-auth-path': 'jwt',
  'vault-export-token': 'false',
  'vault-tls-skip-verify': 'false',
  'vault-ignore-not-found': 'false',
  'gcp-create-credentials-file': 'true',
};
const SET_ALWAYS = [
  ...['federated', 'expires-at', 'report', 'aws-account-id', 'aws-role-arn', 'aws-session-arn', 'aws-expires-at'],
  ...[
    'azure-expires-at',
    'gcp-project-id',
    'gcp-expires-at',
    'vault-expires-at',
    'aws-config-file',
    'azure-token-file',
  ],
  ...['azure-config-dir', 'gcp-credentials-file'],
];
const SECRET = [
  ...['aws-access-key-id', 'aws-secret-access-key', 'aws-session-token', 'azure-access-token', 'azure-access-tokens'],
  ...['gcp-access-token', 'gcp-id-token', 'vault-token'],
];

const fields = inputGroups().flatMap((group) => group.fields);
const action = parse(readFileSync(join(ROOT, 'action.yml'), 'utf8'));

describe('what is generated', () => {
  it('is what the definitions say', () => {
    expect(generate(true)).toEqual([]);
  });
  it('is compared, not only written', () => {
    const stale = readFileSync(join(ROOT, 'README.md'), 'utf8').replace('| `aws-region` |', '| `aws-regoin` |');
    expect(readme(stale)).not.toBe(stale);
    expect(() => readme('<!-- begin nothing -->\n<!-- end nothing -->')).toThrow('nothing');
  });
});

describe('the inputs', () => {
  it.each(INPUTS)('%s is defined, and in action.yml', (name) => {
    expect(fields.map((field) => field.name)).toContain(name);
    expect(Object.keys(action.inputs)).toContain(name);
  });
  it.each(Object.entries(DEFAULTS))('%s has the default %s', (name, value) => {
    expect(String(action.inputs[name].default)).toBe(value);
  });
  it('have a default in the contract, where they have one', () => {
    const ours = fields.filter((field) => field.default !== undefined && INPUTS.indexOf(field.name) < 15);
    expect(ours.map((field) => field.name).filter((name) => DEFAULTS[name] === undefined)).toEqual([]);
  });
  it.each(fields)('$name is described', (field) => {
    expect(action.inputs[field.name].description).toMatch(/\S{2,}.*\.$/);
    expect(readFileSync(join(ROOT, 'README.md'), 'utf8')).toContain(`| \`${field.name}\` |`);
  });
  it('that may hold a secret have no default', () => {
    expect(fields.filter((f) => f.secret && f.default !== undefined)).toEqual([]);
  });
});

describe('the outputs', () => {
  const byName = new Map(OUTPUTS.map((output) => [output.name, output]));
  it.each(SET_ALWAYS)('%s is defined, and is no secret', (name) => {
    expect(byName.get(name)).toMatchObject({ name });
    expect(byName.get(name)?.secret).toBeUndefined();
    expect(Object.keys(action.outputs)).toContain(name);
  });
  it.each(SECRET)('%s is defined, and is one', (name) => {
    expect(byName.get(name)).toMatchObject({ name, secret: true });
    expect(action.outputs[name].description).toContain('output-credentials');
  });
  it('that a source sets are defined', () => {
    const literal =
      /(?:name|output): '((?:aws|azure|gcp|vault)-[a-z-]+)'(?!,\s*content)|outputs: \['([^']+)'\]|\['(federated|report)', |name: '(federated|report|expires-at)'/g;
    const setters = sourceFiles().filter((f) => /deliver\.ts$|grant\.ts$|federate\.ts$|tell\.ts$/.test(f.path));
    const set = setters.flatMap((f) => [...f.code.matchAll(literal)].map((m) => m.slice(1).find((n) => n) ?? ''));
    expect(set.length).toBeGreaterThan(12);
    expect([...new Set(set)].filter((name) => !byName.has(name))).toEqual([]);
  });
});

describe('action.yml', () => {
  it('runs main and post of dist, on Node 24, and no pre', () => {
    expect(action.runs).toEqual({ using: 'node24', main: 'dist/main.js', post: 'dist/post.js' });
  });
  it('requires no input by the word that the runner ignores', () => {
    expect(Object.values(action.inputs as Record<string, { required?: boolean }>).filter((i) => i.required)).toEqual(
      [],
    );
  });
  it('says that it is generated', () => {
    expect(actionYaml()).toMatch(/^# Generated/);
  });
});
