// The keeper of the built action: what later steps find, who may ask it, and how it ends.
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { shareTime } from '../../sandbox/shared-time.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { stopsMain } from './interrupted.ts';
import { ACTION, AWS, AZURE, FOUR, GCP, GCP_DIRECT, type Played, play, ROOT, useWorld, VAULT } from './scenario.ts';
import { passing } from './time-passes.ts';

let world: World;
useWorld((started) => {
  world = started;
});

const ALWAYS = { ...AWS, 'keep-fresh': 'always' };
/** The keepers of a job, as main started them. */
const keepers = ({ result }: Played) =>
  result.steps.flatMap((step) => step.journal.filter((entry) => entry.kind === 'spawn'));
const outputOf = ({ result }: Played, name: string) =>
  result.steps.find((step) => step.name === name)?.log.join('\n') ?? '';
/** One use of the action, and steps behind it. */
const job = (inputs: Readonly<Record<string, string>>, ...then: object[]) => ({ with: inputs, then });
const shell = (name: string, run: string) => ({ name, shell: 'bash', run });

/** A shell's `$KEEPER`: the process id of this job's keeper; the last, where there are two. */
const KEEPER = `for p in $(pgrep -f dist/keeper.js); do
  if tr '\\0' '\\n' < /proc/$p/environ | grep -qx "RUNNER_TRACKING_ID=$RUNNER_TRACKING_ID"; then KEEPER=$p; fi
done
`;
/** Until a process has gone. */
const GONE = 'while [ -d /proc/$KEEPER ]; do sleep 0.05; done\n';

describe('whether there is one', () => {
  it.each([
    ['AWS, always', ALWAYS, 1],
    ['AWS alone, which reaches its lifetime by itself', AWS, 0],
    ['AWS for a quarter of an hour, always', { ...ALWAYS, lifetime: '15m' }, 0],
    ["Azure's token file", AZURE, 1],
    ["Google's credentials file", GCP_DIRECT, 1],
    ['a lease under a token that ends before lifetime', VAULT, 1],
    [
      'a static secret, for which the token has done its work',
      { ...VAULT, 'vault-secrets': 'secret/data/app password' },
      0,
    ],
    ['four clouds: one for all', FOUR, 1],
    ['never', { ...FOUR, 'keep-fresh': 'never' }, 0],
    ['a step that checks only', { ...FOUR, 'keep-fresh': 'always', 'check-only': 'true' }, 0],
    ['Azure for Terraform, which asks GitHub itself', { ...AZURE, 'azure-consumers': 'terraform' }, 0],
    ['a lifetime that is over before the token', { ...AZURE, lifetime: '5m' }, 0],
  ])('%s', async (_, inputs, count) => {
    const played = await play(world, { with: inputs });
    expect(played.main.outcome).toBe('success');
    expect(keepers(played)).toHaveLength(count);
    expect(played.log.includes('Keeper (process')).toBe(count > 0);
    expect(played.log).not.toContain('::warning');
  });
});

describe('what it is given', () => {
  it("is started with nothing of the job's environment but the runner's mark and what the network takes", async () => {
    const played = await play(world, { with: FOUR });
    const [spawned] = keepers(played);
    expect(spawned?.argv).toEqual([process.execPath, join(ROOT, 'dist/keeper.js')]);
    expect(Object.keys(spawned?.env ?? {}).sort()).toEqual([
      'NODE_EXTRA_CA_CERTS',
      'RUNNER_TEMP',
      'RUNNER_TRACKING_ID',
    ]);
  });

  it('takes no identity token and no request token to the disk for Google', async () => {
    const then = [
      shell('look', 'cat $GOOGLE_APPLICATION_CREDENTIALS; ls -A $(dirname $GOOGLE_APPLICATION_CREDENTIALS)'),
    ];
    const played = await play(world, { with: GCP, then });
    expect(outputOf(played, 'look')).toContain('"credential_source":{"url":"http://127.0.0.1:');
    expect(outputOf(played, 'look')).not.toContain('identity-token');
  });

  it('keeps a file for Google where clients would ask the proxy for the keeper', async () => {
    const then = [shell('look', 'cat $GOOGLE_APPLICATION_CREDENTIALS')];
    const played = await play(world, { with: GCP, then, machine: { NO_PROXY: '' } });
    expect(outputOf(played, 'look')).toContain('"credential_source":{"file":"');
    expect(played.log).toContain('the credentials file is kept fresh until');
    expect(keepers(played)).toHaveLength(1);
  });

  it('takes the place of keys that are set, which would win over it; post puts them back', async () => {
    const then = [shell('look', 'echo "key [$AWS_ACCESS_KEY_ID] uri $AWS_CONTAINER_CREDENTIALS_FULL_URI"')];
    const played = await play(world, {
      with: ALWAYS,
      then,
      env: {},
      machine: { AWS_ACCESS_KEY_ID: 'AKIAEARLIER000000000' },
    });
    expect(outputOf(played, 'look')).toMatch(/key \[\] uri http:\/\/127\.0\.0\.1:\d+\/aws/);
    expect(played.post?.exported.AWS_ACCESS_KEY_ID).toBe('AKIAEARLIER000000000');
    expect(played.post?.exported.AWS_CONTAINER_CREDENTIALS_FULL_URI).toBe('');
  });
});

describe('who may ask', () => {
  const asks: readonly (readonly [what: string, curl: string, answer: string])[] = [
    ['the secret', '-H "Authorization: $S" $U', '200'],
    ['no secret', '$U', '401 keeper/refused'],
    ['another secret', '-H "Authorization: 0$S" $U', '401 keeper/refused'],
    ['a foreign host', '-H "Authorization: $S" -H "Host: evil.example" $U', '421'],
    ['localhost', '-H "Authorization: $S" $(echo $U | sed s/127.0.0.1/localhost/)', '421'],
    ['a page', '-H "Authorization: $S" -H "Origin: https://evil.example" $U', '403'],
    ['POST', '-X POST -H "Authorization: $S" $U', '405 keeper/refused'],
    ['an audience of the caller', '-H "Authorization: $S" "$U?audience=sts.amazonaws.com"', '404'],
    ['a stranger who stops it', '-X POST -H "Authorization: Bearer $S" $(echo $U | sed s/aws/stop/)', '401'],
    ['a large body', '-X POST -H "Authorization: $S" --data-binary @/bin/bash $U', '(000|405 keeper/refused)'],
    ['large headers', '-H "Authorization: $S" -H "X: $(head -c 40000 /dev/zero | tr "\\0" x)" $U', '431'],
    ['the secret, still', '-H "Authorization: $S" $U', '200'],
  ];

  it('is who shows the secret of the form, at its address, with its method', async () => {
    const lines = asks.map(
      ([, curl], i) =>
        `C=$(curl -s -o answer -w '%{http_code}' ${curl} || true); echo "ask ${i} $C $(grep -o 'keeper/[a-z]*' answer | head -1)"; : > answer`,
    );
    const run = `S=$(cat $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE); U=$AWS_CONTAINER_CREDENTIALS_FULL_URI; cd $RUNNER_TEMP; set +e\n${lines.join('\n')}\nrm answer`;
    const played = await play(world, job(ALWAYS, shell('ask', run)));
    const answers = outputOf(played, 'ask')
      .split('\n')
      .filter((line) => line.startsWith('ask '));
    expect(answers).toHaveLength(asks.length);
    for (const [i, [, , expected]] of asks.entries())
      expect(answers[i]?.trim()).toMatch(new RegExp(`^ask ${i} ${expected}$`));
  });
});

describe('a main that does not come to its end leaves none', () => {
  it.each([
    ['as soon as it has started it', { kind: 'connect', n: 1 }],
    ['while it waits', { kind: 'request', n: 3 }],
    ['before it has delivered', { kind: 'env', n: 1 }],
  ] as const)('killed %s', async (_, point) => {
    const played = await play(world, { with: { ...AZURE, ...GCP_DIRECT }, machine: stopsMain(point) });
    expect(played.main.exitCode).toBe(137);
    expect(played.log).not.toContain('Terminate orphan process');
    expect(played.post?.annotations).toEqual([]);
  });

  it('refused', async () => {
    world.faults.push({
      service: 'azure',
      kind: 'status',
      times: Number.POSITIVE_INFINITY,
      reply: { status: 400, body: '{"error":"invalid_client"}' },
    });
    const played = await play(world, { with: { ...AZURE, ...GCP_DIRECT } });
    expect(played.main.outcome).toBe('failure');
    expect(keepers(played)).toHaveLength(1);
    expect(played.log).not.toMatch(/Terminate orphan process|Keeper/);
  });
});

describe('a keeper that has ended before post', () => {
  it.each([
    ['killed', 'KILL', 'ended before its time', true],
    ['asked to end', 'TERM', 'had ended already (signal, 0 renewals)', false],
  ])('%s: post says so, and cleans up all the same', async (_, signal, words, warned) => {
    const then = [
      shell('end', `${KEEPER}kill -${signal} $KEEPER\n${GONE}`),
      shell('ask', 'curl -s $AWS_CONTAINER_CREDENTIALS_FULL_URI || echo "curl $?"'),
    ];
    const played = await play(world, { with: ALWAYS, then });
    expect(outputOf(played, 'ask')).toContain('curl 7');
    expect(played.log).toContain(words);
    expect(played.post?.outcome).toBe('success');
    expect(played.post?.annotations.some(({ message }) => message.includes('[keeper/died]'))).toBe(warned);
  });

  it('hangs: post ends its process', async () => {
    const played = await play(world, job(ALWAYS, shell('stop', `${KEEPER}kill -STOP $KEEPER`)));
    expect(played.log).toMatch(/Keeper \(process \d+\): stopped/);
    expect(played.log).not.toContain('Terminate orphan process');
  });

  it('took another process its number: that one is left alone', async () => {
    // As far as post can see: the record names the process of the step's own shell, which began at another time.
    const then = [shell('end', `${KEEPER}kill -KILL $KEEPER\n${GONE}`)];
    const played = await play(world, { with: ALWAYS, then });
    expect(played.log).toMatch(/Keeper \(process \d+\): had ended already/);
  });
});

describe('a journal that others wrote to', () => {
  const J = 'J=$(dirname $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)/keeper.journal; ';
  it.each([
    [
      'lines without the nonce',
      `${J}echo '{"nonce":"x","by":"keeper","kind":"ended","data":{"why":"lies"}}' >> $J; echo garbage >> $J`,
    ],
    ['a link', `${J}rm $J; ln -s /etc/passwd $J`],
    ['a folder', `${J}rm $J; mkdir $J`],
    ['gigabytes', `${J}truncate -s 3G $J`],
    ['nothing', `${J}rm $J`],
  ])('%s', async (_, run) => {
    const played = await play(world, job(ALWAYS, shell('plant', run)));
    expect(played.post?.outcome).toBe('success');
    expect(played.post?.annotations).toEqual([]);
    expect(played.log).toMatch(/Keeper \(process \d+\): stopped/);
    expect(played.log).not.toMatch(/\(lies/);
  });
});

describe('several of them, and none', () => {
  it('two uses in one job have two; both end', async () => {
    const uses = [ALWAYS, { ...AZURE, ...ALWAYS }].map((inputs, i) => ({
      name: `use ${i}`,
      uses: ACTION,
      with: inputs,
    }));
    const ask = shell(
      'ask',
      'curl -s -H "Authorization: $(cat $AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE)" -o /dev/null -w "%{http_code}\\n" $AWS_CONTAINER_CREDENTIALS_FULL_URI',
    );
    const played = await play(world, { steps: [...uses, ask] });
    expect(keepers(played)).toHaveLength(2);
    expect(outputOf(played, 'ask')).toMatch(/^200$/m);
    expect(played.log.match(/Keeper \(process \d+\): stopped/g)).toHaveLength(2);
  });

  it('a cancelled job ends it', async () => {
    const cancel = new AbortController();
    const hooks = { onStart: (step: { name: string }) => void (step.name === 'long' && cancel.abort()) };
    const played = await play(world, {
      ...job({ ...AZURE, ...ALWAYS }, shell('long', 'sleep 60')),
      run: { cancel: cancel.signal, hooks },
    });
    expect(played.result.result).toBe('cancelled');
    expect(played.log).toMatch(/Keeper \(process \d+\): stopped/);
    expect(played.log).not.toMatch(/orphan process: pid \(\d+\) \((?!sleep)/);
  });
});

describe('a machine that cannot start it', () => {
  /** The action without the keeper's file: the process ends at once. */
  async function without<T>(use: (folder: string) => Promise<T>): Promise<T> {
    const folder = mkdtempSync(join(tmpdir(), 'no-keeper-'));
    try {
      for (const name of ['action.yml', 'package.json']) cpSync(join(ROOT, name), join(folder, name));
      cpSync(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
      rmSync(join(folder, 'dist/keeper.js'));
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      return await use(folder);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  it('auto goes on without it, and says until when', async () => {
    const played = await without((folder) =>
      play(world, { with: { ...AZURE, ...GCP_DIRECT }, run: { actions: () => folder } }, {}),
    );
    expect(played.main.outcome).toBe('success');
    expect(played.log).toContain('[keeper/not-started]');
    expect(played.log).toContain('the credentials file can be exchanged until');
  });

  it('always fails, and hands out nothing', async () => {
    const played = await without((folder) => play(world, { with: ALWAYS, run: { actions: () => folder } }));
    expect(played.main.outcome).toBe('failure');
    expect(played.main.exported).toEqual({});
    expect(played.main.annotations.map(({ message }) => message).join()).toContain('[keeper/not-started]');
  });
});

it('with revoke: false, post names the ends that the keeper brought about, not the first ones', async () => {
  const hours = await startWorld();
  const time = await shareTime(hours);
  try {
    const inputs = { ...VAULT, 'vault-export-token': 'true', revoke: 'false', lifetime: '3h' };
    // Two terms of the token, one and a half of the lease.
    const scenario = { ...job(inputs, shell('work', passing(90))), machine: time.env() };
    const played = await play(hours, scenario, { alive: true });
    const told = (played.post?.log ?? []).map(
      (line) => /^Vault (\w+).*: not revoked; it ends at (20\S+Z)/.exec(line) ?? [],
    );
    const ends = new Map(told.map(([, what = '', end = '']) => [what, Date.parse(end)]));
    expect(ends.get('lease')).toBeGreaterThan(hours.clock.now());
    // As Vault has it, to the seconds that a renewal takes. A lease ends with its token at the latest.
    const token = hours.ledger.living('vault').find(({ kind }) => kind === 'service token');
    expect(Math.abs((ends.get('token') ?? 0) - (token?.expiresAt ?? 0))).toBeLessThan(30_000);
  } finally {
    await time.close();
    await hours.stop();
  }
}, 120_000);
