// The engines that hand out a cloud's own credentials, with the fields, leases and revocation effects of their recorded answers.
// They are Vault's: OpenBao does not have them.
import { randomBytes, randomUUID } from 'node:crypto';
import { configured, SYSTEM_TTL } from '../durations.ts';
import { type Engine, type EngineCall, nameBelow } from '../engine.ts';
import type { LeaseTerms } from '../leases.ts';
import { base62 } from '../random.ts';
import type { AwsMount, AwsRole, AzureMount, LeasedRole, TerraformMount } from '../trust.ts';
import { type Outcome, refused, secret, UNSUPPORTED_OPERATION, UNSUPPORTED_PATH } from '../wire.ts';

const upper = (length: number) => base62(length).toUpperCase();

function named<T>(roles: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return roles && Object.hasOwn(roles, name) ? roles[name] : undefined;
}

/** A lease whose revocation ends the credential, unless `ends` says that it does nothing. */
function leased(role: LeasedRole, secrets: readonly string[], otherwise: number, ends = true): LeaseTerms {
  return {
    ttl: configured(role.default_ttl, otherwise),
    maxTtl: configured(role.max_ttl, SYSTEM_TTL),
    renewable: ends,
    ends,
    secrets,
  };
}

export const aws: Engine<AwsMount> = {
  answer(call) {
    const fixed = nameBelow(call.path, 'static-creds');
    const name = nameBelow(call.path, 'creds') ?? nameBelow(call.path, 'sts');
    if (fixed !== undefined) return awsStatic(call, fixed);
    if (name === undefined) return UNSUPPORTED_PATH;
    if (call.operation !== 'read' && call.operation !== 'write') return UNSUPPORTED_OPERATION;
    const role = named(call.mount.roles, name);
    if (!role) return refused(400, `Role '${name}' not found`);
    if (call.path.startsWith('sts/') && role.credential_type === 'iam_user')
      return refused(400, 'Role does not support the federation_token credential type');
    return awsKeys(role, name);
  },
};

/** An IAM user is deleted with its lease; the STS types have a lease, but revoking it does nothing. */
function awsKeys(role: AwsRole, name: string): Outcome {
  const user = role.credential_type === 'iam_user';
  const secret_key = randomBytes(30).toString('base64');
  const session_token = user ? null : `IQoJb3JpZ2luX2VjE${randomBytes(240).toString('base64')}`;
  const access_key = `${user ? 'AKIA' : 'ASIA'}${upper(16)}`;
  const arn = user
    ? ''
    : `arn:aws:sts::123456789012:assumed-role/${role.role_arn?.split('/').at(-1) ?? name}/vault-jwt-${base62(10)}`;
  const secrets = [secret_key, ...(session_token ? [session_token] : [])];
  const lease = leased(role, secrets, user ? SYSTEM_TTL : 3600, user);
  return secret(
    { access_key, arn, secret_key, security_token: session_token, session_token, ttl: user ? undefined : lease.ttl },
    { lease },
  );
}

function awsStatic(call: EngineCall<AwsMount>, name: string): Outcome {
  if (call.operation !== 'read') return UNSUPPORTED_OPERATION;
  const keys = named(call.mount.static_roles, name);
  if (!keys) return refused(400, `Role "${name}" not found`);
  call.record('static secret', [keys.secret_key], { id: `static-creds/${name}`, once: true });
  return secret({ ...keys, expiration: new Date(call.clock.now() + 86_400_000).toISOString() });
}

export const azure: Engine<AzureMount> = {
  answer(call) {
    const name = nameBelow(call.path, 'creds');
    if (name === undefined) return UNSUPPORTED_PATH;
    if (call.operation !== 'read') return UNSUPPORTED_OPERATION;
    const role = named(call.mount.roles, name);
    if (!role) return refused(400, `role '${name}' does not exist`);
    const client_secret = `${base62(3)}8Q~${base62(34)}`;
    return secret({ client_id: randomUUID(), client_secret }, { lease: leased(role, [client_secret], 3600) });
  },
};

export const terraform: Engine<TerraformMount> = {
  answer(call) {
    const name = nameBelow(call.path, 'creds');
    if (name === undefined) return UNSUPPORTED_PATH;
    if (call.operation !== 'read' && call.operation !== 'write') return UNSUPPORTED_OPERATION;
    const role = named(call.mount.roles, name);
    if (!role) return refused(400, `role "${name}" not found`);
    const fresh = () => ({ token: `${base62(14)}.atlasv1.${base62(67)}`, token_id: `at-${base62(16)}` });
    if (role.credential_type === 'organization' || role.credential_type === 'team_legacy') {
      const kept = call.memory(() => new Map<string, ReturnType<typeof fresh>>());
      const token = kept.get(name) ?? fresh();
      kept.set(name, token);
      call.record('static secret', [token.token], { id: `creds/${name}`, once: true });
      return secret({ ...token, organization: role.organization ?? '', team_id: role.team_id ?? '', role: name });
    }
    const token = fresh();
    const expired_at = new Date(call.clock.now() + configured(role.max_ttl, SYSTEM_TTL) * 1000).toISOString();
    return secret({ ...token, description: '', expired_at }, { lease: leased(role, [token.token], SYSTEM_TTL) });
  },
};
