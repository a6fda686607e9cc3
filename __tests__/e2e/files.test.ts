// What the good path puts on disk, for whom, and what is left of it after post.
import { basename, dirname, join } from 'node:path';
import type { World } from '../../sandbox/world.ts';
import { readClaims } from '../../src/core/claims.ts';
import { ACTION, AZURE, FOUR, GCP, play, useWorld } from './scenario.ts';

/** Without the keeper, which serves Google's token, all files are there. */
const ALL = { 'keep-fresh': 'never' };

let world: World;
useWorld((started) => {
  world = started;
});

it('files 0600 in a 0700 folder of the temp folder, out of the workspace, the request token in none of them', async () => {
  const look =
    'folder=$(dirname "$GOOGLE_APPLICATION_CREDENTIALS"); stat -c "%a %F %n" "$folder" "$folder"/* > look.txt; ! grep -rqF "$ACTIONS_ID_TOKEN_REQUEST_TOKEN" "$folder"';
  const { result, main } = await play(world, {
    steps: [
      { id: 'federate', uses: ACTION, with: { ...FOUR, ...ALL } },
      { name: 'look', run: look },
    ],
  });
  expect(result.result).toBe('success');
  const temp = join(result.root, 'job/_work/_temp');
  const folder = dirname(main.outputs['azure-token-file'] ?? '');
  expect(dirname(folder)).toBe(main.env.RUNNER_TEMP);
  expect(folder.startsWith(temp)).toBe(true);
  expect(basename(folder)).toMatch(/^workload-identity-[0-9a-f]{32}$/);
  const seen = result.leftovers
    .find((file) => basename(file.path) === 'look.txt')
    ?.content.toString()
    .trim();
  expect(seen?.split('\n')).toEqual([
    `700 directory ${folder}`,
    `600 regular file ${folder}/azure-identity-token`,
    `600 regular file ${folder}/gcp-credentials.json`,
    `600 regular file ${folder}/gcp-docker-credentials.json`,
    `600 regular file ${folder}/gcp-identity-token`,
  ]);
  expect(result.leftovers.filter((f) => f.kind === 'file' && !f.ofRunner).map((f) => basename(f.path))).toEqual([
    'look.txt',
  ]);
});

it('a docker action, to which the temp folder is /github/runner_temp, finds credentials and their token by the output', async () => {
  const look = 'cat "$(dirname "$GOOGLE_APPLICATION_CREDENTIALS")/gcp-docker-credentials.json" > look.txt';
  const { result, main } = await play(world, {
    steps: [
      { id: 'federate', uses: ACTION, with: { ...GCP, ...ALL } },
      { name: 'look', run: look },
    ],
  });
  const temp = main.env.RUNNER_TEMP ?? '';
  const onHost = (path = '') => path.replace(/^\/github\/runner_temp(?=\/)/, temp);
  const docker = main.outputs['gcp-docker-credentials-file'];
  expect(docker).toMatch(/^\/github\/runner_temp\/workload-identity-[0-9a-f]{32}\/gcp-docker-credentials\.json$/);
  expect(dirname(onHost(docker))).toBe(dirname(main.outputs['gcp-credentials-file'] ?? ''));
  const seen = result.leftovers.find((file) => basename(file.path) === 'look.txt')?.content.toString() ?? '';
  const { credential_source: source, ...rest } = JSON.parse(seen);
  const written = main.journal.find((e) => /^write/.test(e.what ?? '') && e.path === onHost(source.file));
  expect(readClaims(written?.text ?? '').aud).toBe(`https:${rest.audience}`);
});

it('the files that consumers read whole have no line end', async () => {
  const { main } = await play(world, { with: { ...AZURE, ...GCP, ...ALL } });
  const written = main.journal.filter((e) => /^write/.test(e.what ?? '') && e.path?.includes('/workload-identity-'));
  expect(written.map((e) => basename(e.path ?? ''))).toEqual([
    'azure-identity-token',
    'gcp-identity-token',
    'gcp-credentials.json',
    'gcp-docker-credentials.json',
  ]);
  for (const { text = '\n' } of written) expect(text).toBe(text.trim());
});

it("main's command files were closed to others, and are empty after post", async () => {
  const { result, main } = await play(world, { with: FOUR });
  for (const kind of ['env', 'output', 'state']) {
    const path = main.commandFiles[kind] ?? kind;
    expect(main.journal.find((e) => e.what === 'chmod' && e.path === path)?.mode).toBe(0o600);
    const left = result.leftovers.find((file) => file.path === path);
    expect({ kind, mode: left?.mode, size: left?.content.length }).toEqual({ kind, mode: 0o600, size: 0 });
  }
});
