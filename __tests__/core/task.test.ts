import { Failure } from '../../src/core/failure.ts';
import { readInputs } from '../../src/inputs/index.ts';
import { BRANCH } from '../literals/presented.ts';

const INPUTS: Readonly<Record<string, string>> = {
  'aws-role-arn': 'arn:aws:iam::123456789012:role/deploy',
  'aws-region': 'eu-west-1',
  'azure-client-id': '11111111-1111-4111-8111-111111111111',
  'azure-tenant-id': '22222222-2222-4222-8222-222222222222',
  'gcp-workload-identity-provider':
    'projects/123456789012/locations/global/workloadIdentityPools/github/providers/octo-org',
  'vault-url': 'https://vault.example.com',
  'vault-export-token': 'true',
};
const orders = readInputs(
  (name) => INPUTS[name],
  Object.keys(INPUTS),
  (_, given) => given,
);
const tasks = orders.ok ? orders.value.tasks : [];

describe('several clouds in one step', () => {
  it('are all asked for', () => expect(tasks.map((task) => task.cloud)).toEqual(['aws', 'azure', 'gcp', 'vault']));

  // A job's tokens differ in their audience alone, and the claims at hand are those of the first.
  it.each([
    ['aws', 'sts.amazonaws.com'],
    ['azure', 'api://AzureADTokenExchange'],
    ['vault', 'https://vault.example.com'],
  ])('%s gets a trust for its own audience, whichever token was minted first', async (cloud, audience) => {
    const task = tasks.find((one) => one.cloud === cloud);
    const texts = (await task?.documents({ ...BRANCH, aud: 'https://first.example' }))?.snippets.flatMap(
      (s) => s.lines,
    );
    expect(texts?.join('\n')).toContain(`"${audience}"`);
    expect(texts?.join('\n')).not.toContain('first.example');
  });

  it('a refused one too', async () => {
    const azure = tasks.find((one) => one.cloud === 'azure');
    const refused = new Failure('azure/refused', 'm', { code: 'AADSTS700213' });
    const counsel = await azure?.counsel(refused, { ...BRANCH, aud: 'sts.amazonaws.com' });
    expect(counsel?.trust.join('\n')).toContain('api://AzureADTokenExchange');
    expect(counsel?.trust.join('\n')).not.toContain('sts.amazonaws.com');
  });
});
