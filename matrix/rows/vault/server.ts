// Vault and OpenBao: quotas, seals, standbys, and logins that are none (facts: vault 2, 8).
import { json } from '../../../sandbox/service.ts';
import { obey, quiet } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { asItWas, errors, LOGIN, says, server } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'A rate limit',
    source: 'vault 2.2',
    played: 'recorded answer',
    scene: says(LOGIN, errors(429, 'request path "auth/jwt/login": rate limit quota exceeded')),
    id: 'vault/throttled',
    cause: /quota of Vault/,
    fix: obey(/Start fewer jobs/, quiet),
  },
  {
    mistake: 'The lease count quota',
    source: 'vault 2.2',
    played: 'recorded answer',
    scene: says('read', errors(429, 'request path "database/creds/readonly": lease count quota exceeded')),
    id: 'vault/throttled',
    cause: /quota of Vault/,
    fix: obey(/lease count quota raised/, quiet),
  },
  {
    mistake: 'Vault is sealed',
    source: 'vault 2.1',
    played: 'trust document',
    scene: server(() => ({ sealed: true })),
    id: 'vault/sealed',
    cause: /sealed/,
    fix: obey(/Have the server unsealed/, asItWas),
  },
  {
    mistake: 'An administrator has locked the namespace',
    source: 'vault 2.2',
    played: 'trust document',
    scene: server(() => ({ locked: true })),
    id: 'vault/namespace-locked',
    cause: /locked this namespace/,
    fix: obey(/Ask who locked it/, asItWas),
  },
  {
    mistake: 'A performance standby that does not catch up',
    source: 'vault 2.2',
    played: 'recorded answer',
    scene: says('read', errors(412, 'required index state not present')),
    id: 'vault/behind',
    cause: /standby/,
    fix: obey(/[Rr]un the job again/, quiet),
  },
  {
    mistake: 'Something else answers at vault-url',
    source: 'vault 2',
    played: 'recorded answer',
    scene: says(LOGIN, { status: 200, body: '<html><body>Sign in</body></html>' }),
    id: 'vault/bad-answer',
    cause: /something that is not a Vault login/,
    fix: obey(/Check vault-url/, quiet),
  },
  {
    mistake: 'The mount asks for MFA at the login',
    source: 'vault 1.2',
    played: 'recorded answer',
    scene: says(
      LOGIN,
      json(200, {
        auth: { client_token: '', mfa_requirement: { mfa_request_id: 'd0c9eec7-6921-8cc0-be62-202b289ef163' } },
      }),
    ),
    id: 'vault/login-mfa',
    cause: /MFA/,
    fix: obey(/MFA/, quiet),
  },
  {
    mistake: 'The login comes wrapped',
    source: 'vault 1.2',
    played: 'recorded answer',
    scene: says(LOGIN, json(200, { auth: null, wrap_info: { token: 'hvs.wrapped-token-0123456789', ttl: 60 } })),
    id: 'vault/login-wrapped',
    cause: /wrapped/,
    fix: obey(/wrap/, quiet),
  },
];
