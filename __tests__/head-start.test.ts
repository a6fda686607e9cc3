import type { Connections, NetworkSettings } from '../src/core/ports.ts';
import { headStart, LIKELY_TOKENS } from '../src/head-start.ts';
import { PROVIDERS } from '../src/providers/index.ts';
import { recordingRunner } from './literals/runner.ts';

const URL = 'https://run-actions-1.actions.githubusercontent.com/x?api-version=2.0';
const ENV = { ACTIONS_ID_TOKEN_REQUEST_URL: URL, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'token' };
const AWS = { 'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy' };

async function connected(
  env: Record<string, string>,
  inputs: Record<string, string>,
  nodeVersion: readonly [number, number] = [24, 21],
) {
  const calls: [NetworkSettings, string, number][] = [];
  const connections: Connections = { count: 0, close() {} };
  const given = await headStart({ runner: recordingRunner({ env, inputs }), nodeVersion }, (...call) => {
    calls.push(call);
    return connections;
  });
  expect(given).toBe(calls.length > 0 ? connections : undefined);
  return calls;
}

it.each<[string, Record<string, string>, number]>([
  ['AWS', AWS, 1],
  ['Azure, whose SDKs read a token of their own', { 'azure-client-id': 'x' }, 2],
  ['two clouds', { ...AWS, 'vault-url': 'https://vault.example.com' }, 2],
  [
    'all four',
    { ...AWS, 'azure-client-id': 'x', 'gcp-workload-identity-provider': 'x', 'vault-url': 'https://vault.example.com' },
    5,
  ],
])('opens a connection for each token that is likely: %s', async (_, inputs, count) => {
  expect(await connected(ENV, inputs)).toEqual([[{}, URL, count]]);
});

it('follows the proxy', async () => {
  const [[settings] = []] = await connected({ ...ENV, HTTPS_PROXY: 'proxy:3128', NO_PROXY: 'internal' }, AWS);
  expect(settings).toEqual({ proxy: 'http://proxy:3128', noProxy: 'internal,.internal' });
});

it.each<[string, Record<string, string>, Record<string, string>]>([
  ['no cloud is asked for', ENV, {}],
  ['the job may not mint', {}, AWS],
  ['the request token is missing', { ACTIONS_ID_TOKEN_REQUEST_URL: URL }, AWS],
  ['the endpoint is no URL', { ...ENV, ACTIONS_ID_TOKEN_REQUEST_URL: 'nowhere' }, AWS],
  ['an input says whom to trust', ENV, { ...AWS, 'ca-certificate': '/ca.pem' }],
  ['the proxy is none that can be used', { ...ENV, HTTPS_PROXY: 'socks5://proxy:1080' }, AWS],
])('does nothing, and says nothing, where %s', async (_, env, inputs) => {
  expect(await connected(env, inputs)).toEqual([]);
});

it('does not go round the proxy where this Node would', async () => {
  const env = { ...ENV, HTTPS_PROXY: 'http://proxy:3128' };
  expect(await connected(env, AWS, [24, 4])).toEqual([]);
  expect(await connected(env, AWS, [24, 5])).toHaveLength(1);
});

it('knows the input that asks for each cloud', () => {
  expect(Object.keys(LIKELY_TOKENS)).toEqual(PROVIDERS.map(({ inputs, askedBy }) => inputs[askedBy]?.name));
});
