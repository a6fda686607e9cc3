// A trust that is new: the authority knows it only after a while, and `propagation-wait` bridges that.
import { defaultAzureTrust } from '../../sandbox/azure/trust.ts';
import { defaultGcpTrust } from '../../sandbox/gcp/trust.ts';
import type { World } from '../../sandbox/world.ts';
import { AWS, AZURE, GCP, play, useWorld, VAULT } from './scenario.ts';

let world: World;
useWorld((started) => {
  world = started;
});

const azureWithout = () => ({
  tenants: defaultAzureTrust.tenants.map((tenant) => ({
    ...tenant,
    identities: tenant.identities.map((identity) => ({ ...identity, federatedCredentials: [] })),
  })),
});
const gcpWithout = (part: 'pools' | 'bindings') => ({
  projects: defaultGcpTrust.projects.map((project) =>
    part === 'pools'
      ? { ...project, pools: [] }
      : { ...project, serviceAccounts: project.serviceAccounts.map((account) => ({ ...account, bindings: [] })) },
  ),
});

/** The document arrives once the authority has refused `times` times. */
function arriving(change: () => void, service: string, times: number): () => void {
  const timer = setInterval(() => {
    if (world.traffic.filter((t) => t.service === service && Number(t.outcome) >= 400).length < times) return;
    clearInterval(timer);
    change();
  }, 20);
  return () => clearInterval(timer);
}

const mints = () => world.traffic.filter((t) => t.service === 'github' && t.operation === 'idtoken').length;

it.each([
  [
    'a federated credential',
    AZURE,
    'azure',
    () => Object.assign(world.trust, { azure: azureWithout() }),
    () => Object.assign(world.trust, { azure: defaultAzureTrust }),
  ],
  [
    'a provider',
    GCP,
    'gcp',
    () => Object.assign(world.trust, { gcp: gcpWithout('pools') }),
    () => Object.assign(world.trust, { gcp: defaultGcpTrust }),
  ],
  [
    'a binding',
    GCP,
    'gcp',
    () => Object.assign(world.trust, { gcp: gcpWithout('bindings') }),
    () => Object.assign(world.trust, { gcp: defaultGcpTrust }),
  ],
])('%s that arrives late is waited for', async (_, inputs, service, without, arrive) => {
  without();
  const stop = arriving(arrive, service, service === 'azure' ? 3 : 1);
  const { result, main } = await play(world, { with: { ...inputs, 'propagation-wait': '1m' } });
  stop();
  expect(result.result).toBe('success');
  expect(main.outputs.federated).toBe('true');
  expect(main.stdout.split('\n').filter((line) => line.includes('(propagation-wait)'))).toHaveLength(1);
  // Azure's plan has two tokens: one to exchange, one for the file.
  expect(mints()).toBeGreaterThanOrEqual(service === 'azure' ? 4 : 2);
});

it('a refusal for good ends the wait of the others at once, and what was given is ended', async () => {
  Object.assign(world.trust, { azure: azureWithout(), aws: { accounts: {} } });
  const { result, main } = await play(world, {
    with: { ...AZURE, ...AWS, ...VAULT, 'propagation-wait': '15m', timeout: '20m' },
  });
  expect(result.result).toBe('failure');
  expect(main.stdout).toContain('[aws/');
  expect(main.outputs).toEqual({ federated: 'false' });
});

it('a longer wait than the step has is refused before anything is asked', async () => {
  const { result, main } = await play(world, { with: { ...AZURE, 'propagation-wait': '5m' } });
  expect(result.result).toBe('failure');
  expect(main.stdout).toContain(
    '::error::[inputs/invalid] propagation-wait: got "5m", which is more than the timeout of 2m',
  );
  expect(world.traffic).toEqual([]);
});
