// What a server says of itself to anyone: health, seal status, leader; and what it says when it is sealed or only a standby.
import type { Call, Reply } from '../service.ts';
import type { VaultServer } from './trust.ts';
import { type Outcome, refused } from './wire.ts';

const VERSIONS = { vault: '2.0.0', openbao: '2.7.2' };
const CLUSTER = '6b624fc1-704a-03ca-c27e-985cc6ee0596';

/** The answer to `sys/health`, `sys/seal-status`, `sys/leader`; undefined for every other path. `seconds` is the server's time. */
export function health(path: string, server: VaultServer, seconds: number): Outcome | undefined {
  const sealed = server.sealed === true || server.initialised === false;
  const initialized = server.initialised !== false;
  const version = VERSIONS[server.flavour];
  const cluster = sealed ? {} : { cluster_name: 'vault-cluster-sandbox', cluster_id: CLUSTER };
  if (path === 'sys/leader')
    return {
      kind: 'raw',
      status: 200,
      body: { ha_enabled: server.standbyOf !== undefined, is_self: server.standbyOf === undefined },
    };
  if (path === 'sys/seal-status') {
    return {
      kind: 'raw',
      status: 200,
      body: {
        type: 'shamir',
        initialized,
        sealed,
        t: 1,
        n: 1,
        progress: 0,
        nonce: '',
        version,
        ...cluster,
        storage_type: 'inmem',
      },
    };
  }
  if (path !== 'sys/health') return undefined;
  const status = !initialized ? 501 : sealed ? 503 : server.standbyOf ? 429 : 200;
  const modes = {
    standby: server.standbyOf !== undefined || sealed,
    replication_performance_mode: 'disabled',
    replication_dr_mode: 'disabled',
  };
  return {
    kind: 'raw',
    status,
    body: { initialized, sealed, ...modes, server_time_utc: seconds, version, ...cluster },
  };
}

/** What stands before everything else: a sealed server, one without keys, a namespace that is locked. */
export function closed(server: VaultServer): Outcome | undefined {
  return server.sealed || server.initialised === false ? refused(503, 'Vault is sealed') : undefined;
}

/** A standby's 307 to the active server, path and query as they came. */
export function redirect(call: Call, active: string): Reply {
  const location = `${active}${call.path}`;
  return {
    status: 307,
    headers: { location, 'content-type': 'text/html; charset=utf-8' },
    body: `<a href="${location}">Temporary Redirect</a>.\n\n`,
  };
}
