// biome-ignore-all lint/suspicious/noTemplateCurlyInString: GitHub's expressions look like that.
import { formsIn, formsOf } from '../../../sandbox/leaks/forms.ts';
import { findLeaks } from '../../../sandbox/leaks.ts';
import { cleanUp, javaScriptAction, type Play, play } from './fixture.ts';

afterEach(cleanUp);

const secret = 'Zq9/"k?L+w x~7';
const canaries = [{ label: 'the key', value: secret }];
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret is known in the form', () => {
  it.each<[form: string, text: string]>([
    ['raw', `key=${secret};`],
    ['base64', base64(secret)],
    ['base64 with a final newline', base64(`${secret}\n`)],
    ['base64 at alignment 0', base64(`abc${secret}def`)],
    ['base64 at alignment 1', base64(`u${secret}def`)],
    ['base64 at alignment 2', base64(`u:${secret}xyz`)],
    ['base64', base64(secret).replace(/(.{10})/g, '$1\n')],
    ['base64url', Buffer.from(secret).toString('base64url')],
    ['base64url at alignment 2', Buffer.from(`u:${secret}xyz`).toString('base64url')],
    ['hex', Buffer.from(`a${secret}`).toString('hex')],
    ['hex', Buffer.from(secret).toString('hex').toUpperCase()],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded, lower case', encodeURIComponent(secret).replace(/%../g, (c) => c.toLowerCase())],
    ['percent-encoded', new URLSearchParams({ secret }).toString()],
    ['JSON-escaped', JSON.stringify({ secret })],
    ['JSON-escaped', JSON.stringify(secret).replaceAll('/', '\\/')],
  ])('%s', (form, text) => {
    expect(formsIn(text, formsOf(secret)).map((f) => f.name)).toContain(form);
  });

  it('signature of the token', () => {
    const jwt = `${base64('{"alg":1}').replaceAll('=', '')}.${base64('{"sub":1}').replaceAll('=', '')}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;
    expect(formsIn('c2lnbmF0dXJlLXNpZ25hdHVyZQ', formsOf(jwt)).map((f) => f.name)).toEqual(['signature of the token']);
  });

  it('and in no other text', () => {
    expect(formsIn(`${secret.slice(1)} ${secret.toLowerCase()} ${base64(secret.slice(3))}`, formsOf(secret))).toEqual(
      [],
    );
    expect(formsOf('abcde')).toEqual([]);
  });
});

/** Runs an action that does this with the secret at hand, and answers where the search found it. */
async function placesOf(main: string, options: { post?: string; steps?: string } & Play = {}) {
  const { post = '', steps = '', ...rest } = options;
  const given = `const secret = ${JSON.stringify(secret)}; const temp = process.env.RUNNER_TEMP; const cp = require('node:child_process');`;
  const action = javaScriptAction({ main: given + main, post: given + post });
  const result = await play(`- uses: o/a@v1\n${steps}`, { actions: { 'o/a@v1': action }, observe: true, ...rest });
  return findLeaks({ canaries, result });
}

const mask = `say('::add-mask::' + secret.replaceAll('%', '%25'));`;
const closeFiles = `for (const kind of ['ENV', 'STATE', 'OUTPUT']) fs.chmodSync(process.env['GITHUB_' + kind], 0o600);`;
const own = `const own = fs.mkdtempSync(temp + '/own-');`;

describe('a leak is found', () => {
  it.each<[what: string, main: string, form: string, place: RegExp]>([
    ['in the log', `say(secret)`, 'raw', /^log of job job, line \d+$/],
    ['in the log, on standard error', `process.stderr.write(secret)`, 'raw', /^log of job/],
    ['in the log before it was masked', `say(secret); ${mask}`, 'raw', /^log of job/],
    [
      'in the log, in a form that the masker does not know',
      `${mask} say(Buffer.from(secret).toString('hex'))`,
      'hex',
      /^log of job/,
    ],
    [
      'in the log, over several lines',
      `say(Buffer.from(secret).toString('base64').replace(/(.{7})/g, '$1\\n'))`,
      'base64',
      /^log of job job$/,
    ],
    [
      'in what an action printed, though the log hides it',
      `${mask} say(secret)`,
      'raw',
      /^stdout of step 'Run o\/a@v1' \(main\), line 2$/,
    ],
    ['in an annotation', `say('::warning::' + secret)`, 'raw', /^warning of /],
    ['in an annotation, its title', `say('::warning title=' + secret + '::x')`, 'raw', /^warning of /],
    ['in the summary', `put('STEP_SUMMARY', Buffer.from(secret).toString('base64url'))`, 'base64url', /^summary of /],
    ["in a child's arguments", `cp.spawnSync('/bin/true', [secret])`, 'raw', /^argument 1 of a child of /],
    [
      "in a child's arguments, asynchronously",
      `cp.spawn('/bin/true', ['--key=' + secret])`,
      'raw',
      /^argument 1 of a child of /,
    ],
    [
      "in a child's environment",
      `cp.spawnSync('/bin/true', [], { env: { KEY: secret } })`,
      'raw',
      /^KEY of a child of /,
    ],
    ['in a file that all can read', `${own} fs.writeFileSync(own + '/f', secret)`, 'raw', /^temp: .*own-\w+\/f$/],
    ['in a file of the temp folder itself', `fs.writeFileSync(temp + '/f', secret, { mode: 0o600 })`, 'raw', /^temp: /],
    [
      "in the system's temporary folder",
      `fs.writeFileSync(require('node:os').tmpdir() + '/f', secret, { mode: 0o600 })`,
      'raw',
      /^tmp: /,
    ],
    ['in the home folder', `fs.writeFileSync(process.env.HOME + '/f', secret, { mode: 0o600 })`, 'raw', /^home: /],
    [
      'in the workspace',
      `fs.writeFileSync('f', JSON.stringify(secret), { mode: 0o600 })`,
      'JSON-escaped',
      /^workspace: /,
    ],
    ['in a file name', `fs.writeFileSync('n-' + Buffer.from(secret).toString('hex'), '')`, 'hex', /^workspace: /],
    [
      'in a file that is gone',
      `fs.writeFileSync(temp + '/f', secret); fs.rmSync(temp + '/f')`,
      'raw',
      /^writeFile .*\/f by /,
    ],
    ['in an open command file', `${mask} put('ENV', 'KEY=' + secret)`, 'raw', /^temp: .*set_env_/],
    ['in an open state file', `${mask} put('STATE', 'KEY=' + secret)`, 'raw', /^temp: .*save_state_/],
    [
      'in state, encoded',
      `${mask} ${closeFiles} put('STATE', 'KEY=' + Buffer.from(secret).toString('base64'))`,
      'base64',
      /^state KEY of /,
    ],
    [
      'in an output, encoded',
      `${mask} ${closeFiles} put('OUTPUT', 'KEY=' + Buffer.from(secret).toString('hex'))`,
      'hex',
      /^output KEY of /,
    ],
    [
      'in a request',
      `require('node:http').get('http://127.0.0.1:1/?k=' + encodeURIComponent(secret)).on('error', () => {})`,
      'percent-encoded',
      /^request of /,
    ],
  ])('%s', async (_, main, form, place) => {
    const leaks = await placesOf(main);
    expect(leaks).toContainEqual({ label: 'the key', form, place: expect.stringMatching(place) });
    expect(JSON.stringify(leaks)).not.toContain(secret.slice(0, 6));
  });

  it('in a job output', async () => {
    const leaks = await placesOf(`put('OUTPUT', 'o=' + Buffer.from(secret).toString('hex'))`, {
      steps: '  id: a',
      jobHead: '    outputs: { o: "${{ steps.a.outputs.o }}" }',
    });
    expect(leaks.map((leak) => leak.place)).toContain('output o of job job');
  });

  it('in the variables that a later step shows', async () => {
    const leaks = await placesOf(`${closeFiles} put('ENV', 'KEY=' + secret)`, { steps: '- run: echo x' });
    expect(leaks.map((leak) => leak.place)).toEqual([expect.stringMatching(/^log of job job, line/), 'log of job job']);
  });
});

describe('no leak is', () => {
  it.each<[what: string, main: string]>([
    ['a mask', mask],
    ['what was exported to a closed file', `${mask} ${closeFiles} put('ENV', 'KEY=' + secret)`],
    [
      'state in a closed file',
      `${mask} ${closeFiles} put('STATE', 'KEY=' + secret); put('STATE', 'J=' + JSON.stringify(secret))`,
    ],
    ['an output in a closed file', `${mask} ${closeFiles} put('OUTPUT', 'KEY=' + secret)`],
    [
      "a closed file in the step's own folder",
      `${own} fs.writeFileSync(own + '/f', JSON.stringify(secret), { mode: 0o600 })`,
    ],
    [
      'the same, gone again',
      `${own} fs.writeFileSync(own + '/f', secret, { mode: 0o600 }); fs.rmSync(own, { recursive: true })`,
    ],
  ])('%s', async (_, main) => {
    expect(await placesOf(main, { steps: '- run: echo "$KEY"' })).toEqual([]);
  });

  it('what a test allows beyond that', async () => {
    const action = javaScriptAction({ main: `fs.writeFileSync('f', ${JSON.stringify(secret)})` });
    const result = await play('- uses: o/a@v1', { actions: { 'o/a@v1': action } });
    expect(findLeaks({ canaries, result })).toHaveLength(1);
    const reason = 'this workflow writes it';
    expect(findLeaks({ canaries, result, allowed: [{ reason, admits: (spot) => spot.kind === 'file' }] })).toEqual([]);
    expect(findLeaks({ canaries, result, allowed: [{ reason, labels: /other/, admits: () => true }] })).toHaveLength(1);
  });
});
