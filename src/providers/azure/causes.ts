// Azure: what Entra finds missing in the federated credentials of an application (facts: azure 2, 8.2). It names one field at a time; the
// token shows them all.
import { type Rule, ranked } from '../../core/advice.ts';
import { type Claims, claim } from '../../core/claims.ts';
import { OTHER_REPOSITORY, SPELT_OTHERWISE, SUBJECT_CAUSES, shown } from '../../core/subject.ts';
import { CLOUD_FACTS } from './cloud.ts';
import { aadsts } from './refusal.ts';
import type { AzureRequest } from './request.ts';

const FRESH = 'Run the job again if the credential is new: it can take some minutes to reach all of Entra.';

/** Where upper and lower case alone differ, Entra has a number of its own for it. */
const CAUSES_BUT_CASE = SUBJECT_CAUSES.map((cause) => (cause === SPELT_OTHERWISE ? OTHER_REPOSITORY : cause));

function escapedColon(claims: Claims): string[] {
  if (!claim(claims, 'sub')?.includes('%3A')) return [];
  return [`Write the subject as it stands: ${shown(claims, 'sub')} (GitHub sends a colon in a name as %3A).`];
}

/** A federated credential mends each of these: see trust.ts. */
export const CREDENTIAL_CAUSES: readonly Rule<AzureRequest>[] = [
  {
    id: 'azure/subject-refused',
    code: aadsts(700213),
    cause: ({ request }) => `No federated credential of ${request.clientId} has the subject of this token`,
    fixes: (facts) => [
      `Compare the subjects of its federated credentials with the one presented: ${shown(facts.claims, 'sub')}`,
      ...ranked(CAUSES_BUT_CASE, facts),
      ...escapedColon(facts.claims),
      'Write subjects in full: a * in one is compared as a character.',
      FRESH,
    ],
  },
  {
    id: 'azure/subject-case',
    code: aadsts(7002138),
    cause: ({ request }) =>
      `A federated credential of ${request.clientId} has this subject, but not in the same upper and lower case`,
    fixes: ({ claims }) => [
      `Write the subject of that credential exactly as GitHub does: ${shown(claims, 'sub')}`,
      'Do not rename the repository or the environment for it, unless that was the mistake.',
    ],
  },
  {
    id: 'azure/issuer-refused',
    code: aadsts(700211),
    cause: ({ request }) => `No federated credential of ${request.clientId} has the issuer of this token`,
    fixes: ({ claims }) => [
      `Set the issuer of the credential to ${shown(claims, 'iss')}, letter by letter: without a slash at the end, without blanks.`,
      ...(claim(claims, 'iss')
        ?.replace(/^https:\/\//, '')
        .includes('/')
        ? [
            'Mind the path: this enterprise or server has an issuer of its own, not https://token.actions.githubusercontent.com alone.',
          ]
        : []),
      FRESH,
    ],
  },
  {
    id: 'azure/audience-refused',
    code: aadsts(700212),
    cause: ({ request }) =>
      `The federated credential with this subject asks for another audience than ${request.audience}`,
    fixes: ({ request }) => [
      `Set the audience of the credential to ${request.audience}, or azure-audience to what the credential has.`,
      `Check azure-cloud, from which the audience follows: it is ${request.cloud}, for which ${CLOUD_FACTS[request.cloud].audience} is usual.`,
    ],
  },
  {
    id: 'azure/trust-refused',
    code: aadsts(70021),
    cause: ({ request }) =>
      `No federated credential of ${request.clientId} has issuer, subject and audience of this token`,
    fixes: (facts) => [
      `Compare the subject first: ${shown(facts.claims, 'sub')}`,
      `Then the issuer, ${shown(facts.claims, 'iss')} (no slash at the end), and the audience, ${facts.request.audience}.`,
      ...ranked(SUBJECT_CAUSES, facts),
      FRESH,
    ],
  },
  {
    id: 'azure/no-federated-credential',
    code: aadsts(70025),
    cause: ({ request }) => `The application ${request.clientId} has no federated credential at all`,
    fixes: [
      'Add one to it: to the app registration or managed identity, not to the enterprise application of the same name.',
      'Check azure-client-id: another application of yours may be the one that was set up.',
      FRESH,
    ],
  },
];
