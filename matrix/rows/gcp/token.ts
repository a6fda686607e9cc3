// Google Cloud: mapping, issuer, audience, time (facts: gcp 2, 8.1).
import { obey, paste, setInput } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { GHES, input, job, provider, right, SECONDS } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'The subject is longer than 127 bytes (auth#124)',
    source: 'gcp 2',
    played: 'trust document',
    scene: job({
      environment:
        'a-very-long-name-of-an-environment-that-somebody-chose-with-care-and-that-alone-takes-most-of-what-google-takes-for-all',
    }),
    id: 'gcp/subject-too-long',
    cause: /longer than Google's 127 bytes/,
    fix: paste,
  },
  {
    mistake: 'The mapping names a claim that the token lacks',
    source: 'gcp 8.1',
    played: 'trust document',
    scene: provider({
      attributeMapping: { 'google.subject': 'assertion.sub', 'attribute.environment': 'assertion.environment' },
    }),
    id: 'gcp/mapping-failed',
    cause: /a claim in it that this token lacks/,
    fix: paste,
  },
  {
    mistake: 'The provider was made for another issuer (GHES)',
    source: 'gcp 2',
    played: 'trust document',
    scene: provider({ issuer: GHES }),
    id: 'gcp/issuer-refused',
    cause: /made for another issuer/,
    fix: paste,
  },
  {
    mistake: 'The provider allows other audiences',
    source: 'gcp 2',
    played: 'trust document',
    scene: provider({ allowedAudiences: ['https://github.com/octo-org'] }),
    id: 'gcp/audience-refused',
    cause: /does not allow the audience/,
    fix: paste,
  },
  {
    mistake: 'gcp-audience is set, the provider has the default',
    source: 'gcp 2',
    played: 'inputs',
    scene: input('gcp-audience', 'octo'),
    id: 'gcp/audience-refused',
    cause: /does not allow the audience octo/,
    fix: obey(/Leave (gcp-audience) out/, (at, name) => setInput(at, name ?? '', '')),
  },
  {
    mistake: 'The token is too old (clock of the GHES server)',
    source: 'gcp 2',
    played: 'token',
    scene: { ...right, claims: { iat: SECONDS - 7200, nbf: SECONDS - 7800, exp: SECONDS - 6900 } },
    id: 'gcp/stale',
    cause: /outside its time/,
    fix: obey(/check the clock of the server/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'Google cannot reach the issuer (GHES)',
    source: 'gcp 2',
    played: 'trust document',
    scene: { ...provider({ issuer: GHES }), claims: { iss: GHES } },
    id: 'gcp/keys-unreachable',
    cause: /could not get the keys of the issuer/,
    fix: 'Whoever runs the server must make it public, or upload its keys',
  },
];
