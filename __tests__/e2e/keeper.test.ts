// The keeper of the built action: what later steps find, who may ask it, and how it ends.
import { startWorld, type World } from '../../sandbox/world.ts';
import { ACTION, AWS, AZURE, calm, cleanUp, GCP_DIRECT, type Played, play } from './scenario.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterEach(() => {
  cleanUp();
  calm(world);
});
afterAll(() => world.stop());

const ALWAYS = { ...AWS, 'keep-fresh': 'always' };
/** The keepers of a job, as main started them. */
const keepers = ({ result }: Played) =>
  result.steps.flatMap((step) => step.journal.filter((entry) => entry.kind === 'spawn'));
const outputOf = ({ result }: Played, name: string) =>
  result.steps.find((step) => step.name === name)?.log.join('\n') ?? '';
const use = (inputs: Readonly<Record<string, string>>, name: string) => ({ name, uses: ACTION, with: inputs });
const ask = (name: string, run: string) => ({ name, shell: 'bash', run });

/** curl at the keeper's AWS form; `$SECRET` is the right one. */
const CURL = 'SECRET=$(cat $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE); curl -s -o answer -w "status %{http_code}\\n"';

describe('what later steps get', () => {
  it.each([
    ['AWS, always', ALWAYS, 1],
    ['AWS alone, which reaches its lifetime by itself', AWS, 0],
    ["Azure's token file", AZURE, 1],
    ["Google's credentials file", GCP_DIRECT, 1],
    ['never', { ...AZURE, ...GCP_DIRECT, 'keep-fresh': 'never' }, 0],
    ['Azure for Terraform, which asks GitHub itself', { ...AZURE, 'azure-consumers': 'terraform' }, 0],
    ['a lifetime that is over before the token', { ...AZURE, lifetime: '5m' }, 0],
  ])('%s', async (_, inputs, count) => {
    const played = await play(world, { with: inputs });
    expect(played.main.outcome).toBe('success');
    expect(keepers(played)).toHaveLength(count);
    expect(played.log.includes('Keeper (process')).toBe(count > 0);
  });
});
