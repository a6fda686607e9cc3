// How a session is told to whoever asked for it.
import type { Session } from './sessions.ts';
import type { Element } from './xml.ts';

export function assumedRole(session: Session): Element {
  return { AssumedRoleId: session.userId, Arn: session.arn };
}

export function credentials(session: Session): Element {
  return {
    AccessKeyId: session.accessKeyId,
    SecretAccessKey: session.secretKey,
    SessionToken: session.token,
    Expiration: new Date(session.expiresAt).toISOString().replace('.000Z', 'Z'),
  };
}
