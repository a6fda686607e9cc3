// Azure: time, lifetimes and what the tenant forbids (facts: azure 2, 8.2).
import { json } from '../../../sandbox/service.ts';
import { obey } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { ISSUER, identity, mended, right, SECONDS, says, subject } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'The token is too old (clock of the GHES server)',
    source: 'azure 2',
    played: 'token',
    scene: { ...right, claims: { iat: SECONDS - 7200, nbf: SECONDS - 7800, exp: SECONDS - 6900 } },
    id: 'azure/token-expired',
    cause: /outside its time/,
    fix: obey(/check the clock of the server/, ({ claims: _, ...at }) => at),
  },
  {
    mistake: 'The issuer signs tokens that live for days',
    source: 'azure 2',
    played: 'token',
    scene: { ...right, claims: { exp: SECONDS + 200_000 } },
    id: 'azure/token-refused',
    cause: /its form, its signature or its lifetime/,
    fix: 'The issuer decides how long its tokens live',
  },
  {
    mistake: 'The tenant takes tokens of certain enterprises only',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      7002381,
      "The federated identity credential presented must contain the enterprise claim with value 'octo', 'mona' or 'hubot' but actual value is ''.",
    ),
    id: 'azure/enterprise-claim',
    cause: /certain enterprises only/,
    fix: mended(/have an administrator of the tenant add yours/),
  },
  {
    mistake: 'The tenant forbids this federation',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(700223, 'Federated identity credential is not allowed by the tenant policy.'),
    id: 'azure/federation-disabled',
    cause: /does not allow this federation/,
    fix: mended(/Ask an administrator of the tenant/),
  },
  {
    mistake: 'Conditional access blocks the runner’s address',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      53003,
      'Access has been blocked by Conditional Access policies. The access policy does not allow token issuance.',
    ),
    id: 'azure/blocked',
    cause: /Conditional access blocked/,
    fix: mended(/Ask an administrator of the tenant which policy/),
  },
  {
    ...subject,
    mistake: 'A flexible credential’s expression is for another branch',
    source: 'azure 8.1',
    scene: identity({
      federatedCredentials: [
        {
          name: 'flexible',
          issuer: ISSUER,
          audiences: ['api://AzureADTokenExchange'],
          claimsMatchingExpression: {
            value: "claims['sub'] matches 'repo:octo-org/octo-repo:ref:refs/heads/release/*'",
            languageVersion: 1,
          },
        },
      ],
    }),
    cause: /runs on the branch main/,
  },
  {
    mistake: 'Too many sign-ins at a time',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      50196,
      'The server terminated an operation because it encountered a client request loop.',
      'invalid_request',
      429,
    ),
    id: 'azure/throttled',
    cause: /throttled the sign-ins/,
    fix: mended(/Start fewer jobs/),
  },
  {
    mistake: 'Entra has a failure of its own',
    source: 'azure 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'azure',
          operation: 'token',
          answer: json(503, {
            error: 'temporarily_unavailable',
            error_description: 'AADSTS90033: A transient error has occurred. Please try again.',
            error_codes: [90033],
          }),
        },
      ],
    },
    id: 'azure/unavailable',
    cause: /a failure of its own/,
    fix: mended(/run the job again/),
  },
  {
    mistake: 'A number that nobody here knows',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(99999, 'Something new.'),
    id: 'azure/refused',
    cause: /Entra refused the token: AADSTS99999/,
    fix: 'Entra’s own words are all there is',
  },
];
