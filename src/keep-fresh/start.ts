// Main's half of the keeper: started while connections are made, found ready when grants are made, commissioned once everything is delivered.
import type { MintEndpoint } from '../adapters/oidc.ts';
import { expiresAt, readClaims } from '../core/claims.ts';
import { Failure } from '../core/failure.ts';
import type { Grant, Handover } from '../core/grant.ts';
import type { Cloud } from '../core/input.ts';
import type { OpenLedger } from '../core/keep.ts';
import type { Background, NetworkSettings } from '../core/ports.ts';
import type { Keeper } from '../core/provider.ts';
import { catchesLoopback } from '../core/proxy.ts';
import { Secret } from '../core/secret.ts';
import type { StepFolder } from '../core/step-folder.ts';
import type { World } from '../core/world.ts';
import type { Orders } from '../inputs/index.ts';
import { jobOf } from '../job.ts';
import type { Commission } from './commission.ts';

/** Far more than it takes; a machine on which it takes longer gets credentials that end earlier, and is told. */
const READY_MS = 10_000;

export interface KeeperParts {
  readonly orders: Orders;
  readonly world: World;
  readonly network: NetworkSettings;
  readonly endpoint: MintEndpoint;
  readonly ledger: OpenLedger;
  readonly folder: StepFolder;
}

/** The keeper as the stages of main see it. */
export interface StepKeeper {
  /** Starts it where a task wants it from the start. Never throws. */
  startEarly(): void;
  /** Started, and listening: what a grant may build on. See `ExchangePorts.keeper`. */
  readonly ready: () => Promise<Keeper | undefined>;
  /** Everything is delivered: commissions it with what the grants hand over, and lets it live. */
  release(grants: readonly Grant[]): Promise<void>;
  /** Main ends: a keeper that was not released ends with it. */
  drop(): void;
}

export function keeperOf(parts: KeeperParts): StepKeeper {
  const { orders, ledger, world } = parts;
  const stop = secretOf('keeper stop', parts);
  const nonce = secretOf('keeper nonce', parts);
  const secrets = new Map<Cloud, Secret>();
  const until = deadline(parts);
  let background: Background | undefined;
  let starting: Promise<Keeper | undefined> | undefined;

  const start = async (): Promise<Keeper | undefined> => {
    background = (await world.backgrounds()).startKeeper();
    const { pid, began } = background;
    ledger.owe({
      by: 'step',
      kind: 'keeper',
      data: { pid, stop: stop.reveal(), nonce: nonce.reveal(), ...(began && { began }) },
    });
    const port = portIn(await background.firstLine(READY_MS));
    if (port === undefined) return undefined;
    ledger.owe({ by: 'step', kind: 'keeper-port', data: { port } });
    const secret = (cloud: Cloud) => {
      const known = secrets.get(cloud) ?? secretOf(`keeper secret for ${cloud}`, parts);
      secrets.set(cloud, known);
      return known;
    };
    return { origin: `http://127.0.0.1:${port}`, until, secret, behindProxy: catchesLoopback(world.runner.env) };
  };
  const ready = () => {
    starting ??= start().catch(() => undefined); // what the machine refuses is told below
    return starting.then((keeper) => keeper ?? without(parts));
  };
  return {
    startEarly() {
      if (orders.tasks.some((task) => task.keeps === 'early')) starting ??= start().catch(() => undefined);
    },
    ready,
    async release(grants) {
      const kept = grants.filter((grant) => grant.handover);
      if (!background || kept.length === 0) return;
      const tasks = kept.map(({ cloud, handover = {} }) => ({
        cloud,
        request: orders.tasks.find((task) => task.cloud === cloud)?.request,
        secret: secrets.get(cloud)?.reveal() ?? '',
        handover: revealed(handover),
      }));
      const { requestToken, url } = parts.endpoint;
      const runner = (await world.backgrounds()).parent();
      const commission: Commission = {
        nonce: nonce.reveal(),
        folder: parts.folder.name(),
        until,
        stop: stop.reveal(),
        network: parts.network,
        endpoint: { url, requestToken: requestToken.reveal() },
        job: jobOf(world.runner),
        ...(runner && { runner }),
        tasks,
      };
      if (!(await background.release(JSON.stringify(commission))))
        world.runner.warn(
          '[keeper/died] The process that keeps credentials fresh has ended: they work only until they end by themselves.',
        );
    },
    drop: () => background?.drop(),
  };
}

/** `auto` goes on without, and says so once; `always` does not. */
function without({ orders, world }: KeeperParts): undefined {
  const words = 'The background process that keeps credentials fresh could not be started on this runner';
  if (orders.terms.keepFresh === 'always') {
    throw new Failure('keeper/not-started', words, {}, [
      'Look for what limits processes there (a container without the right to start any, a limit on their number).',
      'Set keep-fresh to auto or never to go on without.',
    ]);
  }
  world.runner.say(`[keeper/not-started] ${words}; what ends before lifetime is said below.`);
  return undefined;
}

function secretOf(label: string, { ledger, world }: KeeperParts): Secret {
  return ledger.secret(world.random.hex(32), label);
}

/** `lifetime` from now; but nothing is minted once the request token has ended, some six hours after the job began (facts: github 1.1). */
function deadline({ orders, endpoint, world }: KeeperParts): number {
  const lifetime = world.clock.now() + orders.terms.lifetime * 1000;
  try {
    return Math.min(lifetime, expiresAt(readClaims(endpoint.requestToken.reveal())) ?? lifetime);
  } catch {
    return lifetime; // a request token that is no JWT does not say when it ends
  }
}

function portIn(line: string | undefined): number | undefined {
  const [, digits] = /^\{"port":(\d{1,5})\}$/.exec(line ?? '') ?? [];
  const port = Number(digits);
  return port > 0 && port < 65_536 ? port : undefined;
}

function revealed(handover: Handover): Record<string, string | number> {
  const entries = Object.entries(handover).map(([k, v]) => [k, v instanceof Secret ? v.reveal() : v]);
  return Object.fromEntries(entries);
}
