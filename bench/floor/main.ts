// The floor's main: the least that does a job, by hand. All connections are opened, then all tokens minted, then all exchanges made.
// Nothing is checked, retried or explained.
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { asked, type Given } from './clouds.ts';
import { ask, hangUp, preconnect } from './wire.ts';

const { env } = process;
const requestUrl = env.ACTIONS_ID_TOKEN_REQUEST_URL ?? '';

for (const cloud of asked) for (let i = 0; i < cloud.tokens; i++) preconnect(new URL(requestUrl).hostname);
for (const host of asked.flatMap((cloud) => cloud.hosts)) preconnect(host);
deliver(await Promise.all(asked.map((cloud) => cloud.run(mint))));
hangUp();

async function mint(audience: string): Promise<string> {
  const headers = { authorization: `Bearer ${env.ACTIONS_ID_TOKEN_REQUEST_TOKEN}` };
  const answer = await ask('GET', `${requestUrl}&audience=${encodeURIComponent(audience)}`, headers);
  return (JSON.parse(answer) as { value: string }).value;
}

function deliver(given: readonly Given[]): void {
  const masks = given.flatMap(({ secrets, files }) => [...secrets, ...Object.values(files ?? {})]);
  process.stdout.write(masks.map((mask) => `::add-mask::${mask}\n`).join(''));
  const files = Object.entries(Object.assign({}, ...given.map((g) => g.files)) as Record<string, string>);
  const folder = `${env.RUNNER_TEMP}/floor`;
  if (files.length > 0) mkdirSync(folder, { mode: 0o700 });
  for (const [name, text] of files) writeFileSync(`${folder}/${name}`, text, { mode: 0o600 });
  const paths = files.map(([name]) => [name, `${folder}/${name}`] as const);
  append(env.GITHUB_ENV, [...given.flatMap((g) => Object.entries(g.env)), ...paths]);
  append(env.GITHUB_OUTPUT, [['federated', 'true']]);
  const state = given.flatMap((g) => Object.entries(g.state ?? {}));
  append(env.GITHUB_STATE, [...state, ...(files.length > 0 ? [['folder', folder] as const] : [])]);
}

function append(file: string | undefined, pairs: readonly (readonly [string, string])[]): void {
  if (file) appendFileSync(file, pairs.map(([name, value]) => `${name}=${value}\n`).join(''));
}
