// What post decides by, fixed by main: the network as it was, and what revocation needs (INVARIANTS 12). A later step that plants a proxy and a
// certificate could otherwise have post told "revoked".
import type { Reread } from './core/ending.ts';
import { Failure } from './core/failure.ts';
import type { OpenLedger } from './core/keep.ts';
import { type Debt, field } from './core/ledger.ts';
import type { NetworkSettings, Random, Runner } from './core/ports.ts';
import { followsProxies, proxySecrets, proxySettings } from './core/proxy.ts';
import { Secret } from './core/secret.ts';
import type { World } from './core/world.ts';
import type { Orders } from './inputs/index.ts';

/** Main's network, from the environment and the `ca-certificate` input. The proxy's password is masked. Throws `network/...`. */
export function networkSettings(caCertificate: string | undefined, world: World): NetworkSettings {
  const proxy = proxySettings(world.runner.env);
  if (proxy.proxy) {
    if (!followsProxies(world.nodeVersion)) {
      throw new Failure(
        'network/old-node',
        `A proxy is set, but this runner's Node ${world.nodeVersion.join('.')} cannot use one`,
        {},
        ['Update the runner to 2.328.0 or later.'],
      );
    }
    maskProxy(proxy.proxy, world.runner);
  }
  warnOfUnchecked(world.runner);
  return { ...proxy, ...(caCertificate && { ca: world.readPem('ca-certificate', caCertificate) }) };
}

function maskProxy(proxy: string, runner: Runner): void {
  for (const secret of proxySecrets(proxy)) runner.mask(new Secret(secret, 'proxy password'));
}

function warnOfUnchecked(runner: Runner): void {
  if (runner.env('NODE_TLS_REJECT_UNAUTHORIZED') === '0') {
    runner.warn(
      'NODE_TLS_REJECT_UNAUTHORIZED=0 is set. This action checks certificates all the same; other steps may not.',
    );
  }
}

export function saveSettings(
  orders: Orders,
  network: NetworkSettings,
  commandFiles: readonly string[],
  ledger: OpenLedger,
  random: Random,
): void {
  const { common, tasks } = orders;
  const settings: Record<string, string | boolean> = {
    key: ledger.key,
    revoke: common.revoke.value,
    'on-revoke-failure': common.onRevokeFailure.value,
    summary: common.summary.value,
    'command-files': commandFiles.join(' '),
    // Masked in main; what post tells of credentials names them again.
    ...(common.maskIdentifiers.value && { identifiers: tasks.flatMap((task) => task.identifiers).join(' ') }),
    ...(network.proxy && { proxy: network.proxy }),
    ...(network.noProxy && { 'no-proxy': network.noProxy }),
    ...(network.ca && { 'ca-fingerprint': random.fingerprint(ledger.key, network.ca) }),
  };
  for (const task of tasks) {
    Object.assign(settings, task.settings);
    for (const [name, held] of Object.entries(task.connection?.reread ?? {}))
      settings[`${name}-fingerprint`] = random.fingerprint(ledger.key, held);
  }
  ledger.owe({ by: 'step', kind: 'settings', data: settings });
}

export interface SavedSettings {
  readonly key: string;
  readonly revoke: boolean;
  readonly failOnFailure: boolean;
  readonly summary: 'true' | 'false' | 'on-failure';
  readonly commandFiles: readonly string[];
  readonly network: NetworkSettings;
}

/** Main's settings as state has them; undefined where there are none. Certificates are read again and used only if they are the same. */
export function savedSettings(debts: readonly Debt[], world: World): SavedSettings | undefined {
  const debt = debts.find((d) => d.by === 'step' && d.kind === 'settings');
  const key = debt && field(debt, 'key', /[0-9a-f]{32}/);
  if (!debt || !key) return undefined;
  const proxy = field(debt, 'proxy', /https?:\/\/[^\s]+/);
  if (proxy) maskProxy(proxy, world.runner);
  const noProxy = field(debt, 'no-proxy', /[^\r\n]+/);
  const ca = reread(field(debt, 'ca-fingerprint', /[0-9a-f]{64}/), key, world)('ca-certificate', 'certificate');
  return {
    key,
    revoke: debt.data.revoke !== false,
    failOnFailure: debt.data['on-revoke-failure'] === 'fail',
    summary: debt.data.summary === 'true' || debt.data.summary === 'on-failure' ? debt.data.summary : 'false',
    commandFiles: (field(debt, 'command-files', /[\w -]*/) ?? '').split(' ').filter((name) => name !== ''),
    network: { ...(proxy && { proxy }), ...(noProxy && { noProxy }), ...(ca && { ca }) },
  };
}

/** Reads inputs again, and gives what they hold where it is what main had: `debts` are those with main's settings. */
export function rereadFrom(debts: readonly Debt[], world: World): Reread {
  const debt = debts.find((d) => d.by === 'step' && d.kind === 'settings');
  const key = debt && field(debt, 'key', /[0-9a-f]{32}/);
  const known = new Map<string, string | undefined>(); // read once: what is told of it is told once
  return (name, as) => {
    if (debt && key && !known.has(name))
      known.set(name, reread(field(debt, `${name}-fingerprint`, /[0-9a-f]{64}/), key, world)(name, as));
    return known.get(name);
  };
}

function reread(fingerprint: string | undefined, key: string, world: World): Reread {
  return (name, as) => {
    const given = fingerprint && world.runner.input(name);
    if (!fingerprint) return undefined;
    if (!given) return changed(name, world);
    try {
      const held = as ? world.readPem(name, given, as === 'certificate' ? undefined : as) : given;
      if (world.random.fingerprint(key, held) === fingerprint) return held;
    } catch {
      // told below: the same for post, whatever became of the file
    }
    return changed(name, world);
  };
}

function changed(name: string, world: World): undefined {
  world.runner.warn(`${name} is not what it was in main; post goes on without it.`);
}
