// One authority refuses while the others give: nothing is exported, what the others gave is ended by main itself, and the advice says who was refused and why.
import type { World } from '../../sandbox/world.ts';
import { CASES } from './refusals.ts';
import { ACTION, FOUR, type Played, play, useWorld } from './scenario.ts';

let world: World;
useWorld((started) => {
  world = started;
});

/** Requests of one operation; a Vault read can be told by its path too. */
function asked(operation: string): number {
  return world.traffic.filter((t) => {
    const name = `${t.service} ${t.operation}`;
    return name === operation || `${name} ${t.call.path.replace('/v1/', '')}` === operation;
  }).length;
}

/** What a run added to the ledger. */
function issuedBy<T>(run: () => Promise<T>): Promise<{ played: T; issued: ReturnType<World['ledger']['all']> }> {
  const before = world.ledger.all().length;
  return run().then((played) => ({ played, issued: world.ledger.all().slice(before) }));
}

function errors({ main }: Played): string[] {
  return main.annotations.filter((a) => a.level === 'error').map((a) => a.message);
}

describe.each(CASES)('%s', (_, { trust, id, refused, tries = 1, says }) => {
  it('is refused, ended, and explained', async () => {
    Object.assign(world.trust, trust());
    const { played, issued } = await issuedBy(() => play(world, { with: FOUR }));
    const { result, main, post, log, later } = played;
    // Refused once, and nothing of it in later steps.
    expect(result.result).toBe('failure');
    expect([main.exitCode, main.conclusion]).toEqual([1, 'failure']);
    expect(asked(refused)).toBe(tries);
    expect(main.exported).toEqual({});
    expect(main.outputs).toEqual({ federated: 'false' });
    expect(
      Object.keys(later).filter((name) => /^(AWS_(?!ENDPOINT|CA)|AZURE_|ARM_|GOOGLE_|APP_|DB_)/.test(name)),
    ).toEqual([]);
    // The others were asked, and what they gave was ended by main.
    expect(['aws', 'azure', 'gcp', 'vault'].filter((s) => world.traffic.every((t) => t.service !== s))).toEqual([]);
    const revocable = issued.filter((e) => e.revocable);
    if (!refused.startsWith('vault auth')) expect(revocable.map((e) => e.kind)).toContain('service token');
    expect(revocable.filter((e) => e.endedBy === undefined)).toEqual([]);
    const revocations = world.traffic.filter((t) => /revoke/.test(t.operation));
    expect(revocations.filter((t) => t.start > main.end)).toEqual([]);
    // One annotation, with its id; the claims, the advice.
    expect(errors(played)).toEqual([expect.stringMatching(new RegExp(`^\\[${id}\\] `))]);
    expect(main.log).toContainEqual(expect.stringMatching(/^sub +repo:octo-org\/octo-repo:ref:refs\/heads\/main$/));
    if (typeof says === 'string') expect(log).toContain(says);
    else expect(log).toMatch(says);
    expect(main.summary).toContain(id);
    // Post has nothing left to ask anybody for, and is green.
    expect(post?.conclusion).toBe('success');
    expect(post?.journal.filter((e) => e.kind === 'request')).toEqual([]);
    expect(post?.annotations).toEqual([]);
  });
});

it('all four refuse: four annotations, each with its own advice, and no cloud is asked twice', async () => {
  const ids = ['aws/trust-refused', 'azure/disabled', 'gcp/condition-false', 'vault/claims-refused'];
  for (const [, { id, trust }] of CASES) if (ids.includes(id)) Object.assign(world.trust, trust());
  const { played, issued } = await issuedBy(() => play(world, { with: FOUR }));
  expect(errors(played).map((message) => /^\[(.*?)\]/.exec(message)?.[1])).toEqual(ids);
  expect(issued.filter((e) => e.service !== 'github')).toEqual([]);
  expect(world.traffic.filter((t) => t.operation !== 'idtoken')).toHaveLength(4);
  expect(played.post?.conclusion).toBe('success');
});

it('a later step may go on after the refusal, by the output', async () => {
  const refusal = CASES.find(([, { id }]) => id === 'vault/claims-refused')?.[1];
  Object.assign(world.trust, refusal?.trust());
  const use = { id: 'federate', uses: ACTION, with: FOUR, 'continue-on-error': true };
  const guarded = { name: 'guarded', if: "steps.federate.outputs.federated == 'true'", run: 'true' };
  const { result } = await play(world, { steps: [use, guarded] });
  expect(result.result).toBe('success');
  expect(result.steps.find((step) => step.name === 'guarded')?.status).toBe('skipped');
});

it('an account that the user did not allow is refused before anything is asked; one that STS gives instead, before anything is exported', async () => {
  const elsewhere = { status: 200, headers: { 'content-type': 'text/xml' }, body: session('999999999999') };
  world.faults.push({ kind: 'status', operation: 'AssumeRoleWithWebIdentity', reply: elsewhere });
  const { played, issued } = await issuedBy(() => play(world, { with: FOUR }));
  expect(errors(played)).toEqual([expect.stringMatching(/^\[aws\/wrong-account\] /)]);
  expect(played.main.exported).toEqual({});
  expect(issued.filter((e) => e.revocable && e.endedBy === undefined)).toEqual([]);
});

function session(account: string): string {
  return `<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleWithWebIdentityResult><AssumedRoleUser><AssumedRoleId>AROA:x</AssumedRoleId><Arn>arn:aws:sts::${account}:assumed-role/deploy/x</Arn></AssumedRoleUser><Credentials><AccessKeyId>ASIAIOSFODNN7EXAMPLE</AccessKeyId><SecretAccessKey>wJalrXUtnFEMI/K7MDENG/bPxRfiCYzEXAMPLEKEY</SecretAccessKey><SessionToken>AQoEXAMPLEH4aoAH0gNCAPyJxz4BlCFFxWNE1OPTgk5TthT</SessionToken><Expiration>2099-11-09T13:34:41Z</Expiration></Credentials></AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>c6104cbe-af31-11e0-8154-cbc7ccf896c7</RequestId></ResponseMetadata></AssumeRoleWithWebIdentityResponse>`;
}
