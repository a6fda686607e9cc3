// The engines by the name of a mount's type, and which of them each flavour has.
import type { Engine, EngineCall } from '../engine.ts';
import type { Flavour, SecretMount } from '../trust.ts';
import { consul, kubernetes, ldap, nomad, rabbitmq } from './backends.ts';
import { aws, azure, terraform } from './cloud.ts';
import { database } from './database.ts';
import { gcp } from './gcp.ts';
import { identity } from './identity.ts';
import { kvOne } from './kv-one.ts';
import { kvTwo } from './kv-two.ts';
import { pki } from './pki.ts';
import { ssh } from './ssh.ts';
import { totp } from './totp.ts';
import { transit } from './transit.ts';

const VAULT_ONLY: readonly string[] = ['aws', 'azure', 'gcp', 'terraform', 'consul', 'nomad', 'ldap'];
const ENGINES: { readonly [T in Exclude<SecretMount['type'], 'kv'>]: Engine<Extract<SecretMount, { type: T }>> } = {
  database,
  aws,
  azure,
  gcp,
  terraform,
  pki,
  ssh,
  transit,
  totp,
  rabbitmq,
  consul,
  nomad,
  kubernetes,
  ldap,
  identity,
};

/** The engine of a mount; its calls carry that mount, which the type of a table cannot say. */
export function engineOf(mount: SecretMount): Engine<SecretMount> {
  const engine: unknown = mount.type === 'kv' ? (mount.version === 1 ? kvOne : kvTwo) : ENGINES[mount.type];
  return engine as Engine<SecretMount>;
}

export type SecretCall = EngineCall<SecretMount>;

export function exists(type: string, flavour: Flavour): boolean {
  return flavour === 'vault' || !VAULT_ONLY.includes(type);
}
