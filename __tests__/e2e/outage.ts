// GitHub's OIDC endpoint in trouble, as a service that stands before the world's own.
import { REQUEST_HOST } from '../../sandbox/github/issuer.ts';
import { json, type Service } from '../../sandbox/service.ts';

/** Mints nothing while `silent` says so. */
export function outage(silent: () => boolean): Service {
  return {
    name: 'github in trouble',
    plays: (host) => host === REQUEST_HOST && silent(),
    operation: () => 'idtoken',
    answer: () => json(503, { message: 'Service Unavailable' }),
  };
}
