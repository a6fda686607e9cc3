// An administrator who follows one of examples/vault: runs its setup.sh as it stands, with `vault` being whatever a test puts in its place.
import { execFile } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import type { JwtRole, SecretMount, VaultServer } from '../../sandbox/vault/trust.ts';

const EXAMPLES = resolve(import.meta.dirname, '../../examples/vault');
export const PATTERNS = ['static-secret', 'database', 'aws', 'terraform-team', 'pki'] as const;
export type Pattern = (typeof PATTERNS)[number];

/** What the scripts take from the administrator, where a test has nothing better. */
const TAKEN = {
  ...{ APP_PASSWORD: 'stored-canary-4Vn8sQ', PGHOST: '127.0.0.1', PGPORT: '5432', PGUSER: 'admin', PGPASSWORD: 'x' },
  ...{
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'x',
    TFE_TOKEN: 'x',
    TEAM_ID: 'team-BUHBEM97xboT8TVz',
  },
};

interface Workflow {
  readonly permissions: object;
  readonly jobs: { readonly job: { readonly 'runs-on': string; readonly steps: readonly [Use, ...object[]] } };
}

interface Use {
  readonly uses: string;
  readonly with: Readonly<Record<string, string>>;
}

export function workflowFile(pattern: Pattern): string {
  return join(EXAMPLES, pattern, 'workflow.yml');
}

export function workflowOf(pattern: Pattern): Workflow {
  return parse(readFileSync(workflowFile(pattern), 'utf8')) as Workflow;
}

/** The paths that the example's policy names, in its order. */
export function rightsOf(pattern: Pattern): string[] {
  const policy = readFileSync(join(EXAMPLES, pattern, 'policy.hcl'), 'utf8');
  return [...policy.matchAll(/^path "([^"]+)"/gm)].map(([, path = '']) => path);
}

export interface Following {
  readonly pattern: Pattern;
  /** A path of the policy whose block is left out of it. */
  readonly without?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs jwt-mount.sh and setup.sh from a copy of the folder, with `vault` as the program of that name. Rejects where one of them fails. */
export async function follow({ pattern, without, env = {} }: Following, vault: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'vault-example-'));
  try {
    cpSync(join(EXAMPLES, pattern), folder, { recursive: true });
    if (without) leaveOut(join(folder, 'policy.hcl'), without);
    mkdirSync(join(folder, 'bin'));
    symlinkSync(vault, join(folder, 'bin', 'vault'));
    const path = [join(folder, 'bin'), '/usr/bin', '/bin'].join(delimiter);
    for (const script of [join(EXAMPLES, 'jwt-mount.sh'), join(folder, 'setup.sh')])
      await promisify(execFile)('sh', [script], { cwd: folder, env: { ...TAKEN, HOME: folder, ...env, PATH: path } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function leaveOut(file: string, path: string): void {
  const policy = readFileSync(file, 'utf8');
  const rest = policy.replace(new RegExp(`^path "${path}" \\{\\n[^}]*\\}\\n`, 'm'), '');
  if (rest === policy) throw new Error(`the policy has no block for ${path}`);
  writeFileSync(file, rest);
}

interface Call {
  readonly words: readonly string[];
  /** `-path=x` and the like. */
  readonly flags: Readonly<Record<string, string>>;
  readonly input: string;
}

/** What the example asks `vault` to do, call by call, by a stand-in of that name; `-` and a file that is named are read. */
async function callsOf(following: Following): Promise<Call[]> {
  const folder = mkdtempSync(join(tmpdir(), 'vault-calls-'));
  try {
    const program = join(folder, 'vault');
    const log = join(folder, 'calls');
    writeFileSync(
      program,
      `#!/bin/sh
printf '%s\\0' "$@" >> '${log}'
case "$*" in *' -') cat >> '${log}' ;; 'policy write '*) cat "$4" >> '${log}' ;; esac
printf '\\1' >> '${log}'
`,
    );
    chmodSync(program, 0o700);
    await follow(following, program);
    return readFileSync(log, 'utf8').split('\x01').slice(0, -1).map(callIn);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function callIn(text: string): Call {
  const parts = text.split('\0');
  const args = parts.slice(0, -1);
  const flags = args.flatMap((arg) => {
    const [, name, value] = /^-([a-z-]+)=(.*)$/.exec(arg) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  });
  return {
    words: args.filter((arg) => !/^-[a-z-]+=/.test(arg)),
    flags: Object.fromEntries(flags),
    input: parts.at(-1) ?? '',
  };
}

/** The sandbox's server as the example sets it up. Throws on a call that it does not understand. */
export async function serverBy(following: Following): Promise<VaultServer> {
  const policies: Record<string, string> = {};
  const roles: Record<string, JwtRole> = {};
  const mounts: Record<string, Record<string, unknown>> = {};
  let config: Record<string, string> | undefined;
  let lease = {};
  for (const { words, flags, input } of await callsOf(following)) {
    const [verb, what = '', name = ''] = words;
    const given = fields(words.slice(2));
    const [, mount = '', kind = '', entry = ''] = /^(\w+)\/(\w+)\/(\w+)$/.exec(what) ?? [];
    if (verb === 'policy') policies[name] = input;
    else if (verb === 'auth') continue;
    else if (verb === 'secrets' && what === 'enable')
      mounts[flags.path ?? ''] = { type: name, ...(flags.version && { version: Number(flags.version), secrets: {} }) };
    else if (verb === 'secrets' && what === 'tune') continue;
    else if (verb === 'kv') put(mounts[flags.mount ?? ''], 'secrets', name, fields(words.slice(3)));
    else if (what === 'auth/jwt/config') config = given;
    else if (what.startsWith('auth/jwt/role/'))
      roles[what.slice('auth/jwt/role/'.length)] = JSON.parse(input) as JwtRole;
    else if (what === 'aws/config/lease') lease = { default_ttl: given.lease ?? '', max_ttl: given.lease_max ?? '' };
    else if (/^pki\/root\/|^\w+\/config(\/|$)/.test(what))
      continue; // what lies behind the engine is played
    else if (/^roles?$/.test(kind))
      put(mounts[mount], 'roles', entry, { ...(mount === 'aws' && lease), ...played(given) });
    else throw new Error(`not understood: vault ${words.join(' ')}`);
  }
  if (!config) throw new Error('the JWT mount was not configured');
  return {
    ...{ origin: 'https://vault.example.com', flavour: 'vault', policies },
    auth: { jwt: { type: 'jwt', config, roles } },
    secrets: mounts as unknown as Record<string, SecretMount>,
  };
}

const fields = (words: readonly string[]): Record<string, string> =>
  Object.fromEntries(words.filter((word) => word.includes('=')).map((word) => word.split(/=(.*)/s).slice(0, 2)));

function put(mount: Record<string, unknown> | undefined, kind: string, name: string, entry: object): void {
  if (!mount) throw new Error(`${kind} of a mount that was not enabled`);
  if (mount.type === 'database') mount.up = true;
  mount[kind] = { ...(mount[kind] as object | undefined), [name]: entry };
}

/** A role in the sandbox's words. */
function played({ ttl, allowed_domains: domains, allow_bare_domains: bare, ...given }: Record<string, string>): object {
  return {
    ...given,
    ...(ttl && { default_ttl: ttl }),
    ...(domains && { allowed_domains: domains.split(',') }),
    ...(bare && { allow_bare_domains: bare === 'true' }),
  };
}
