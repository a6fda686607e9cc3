// Azure: what else a federated credential holds (facts: azure 2, 8.2).
import { json } from '../../../sandbox/service.ts';
import { paste } from '../../follow.ts';
import type { Row } from '../../row.ts';
import { credential, ISSUER, identity, input, MAIN, right, says, tenant } from './scenes.ts';

export const ROWS: readonly Row[] = [
  {
    mistake: 'Upper and lower case differ (#492, #497)',
    source: 'azure 8.2',
    played: 'trust document',
    scene: credential({ subject: MAIN.replace('octo-org', 'Octo-Org') }),
    id: 'azure/subject-case',
    cause: /not in the same upper and lower case/,
    fix: paste,
  },
  {
    mistake: 'A slash at the end of the issuer',
    source: 'azure 8.2',
    played: 'trust document',
    scene: credential({ issuer: `${ISSUER}/` }),
    id: 'azure/issuer-refused',
    cause: /without a slash at the end/,
    fix: paste,
  },
  {
    mistake: 'A blank before the issuer',
    source: 'azure 8.1',
    played: 'trust document',
    scene: credential({ issuer: ` ${ISSUER}` }),
    id: 'azure/issuer-refused',
    cause: /without blanks/,
    fix: paste,
  },
  {
    mistake: 'The credential has the public issuer, the enterprise its own',
    source: 'github 2.4',
    played: 'trust document',
    scene: { ...right, issuer: `${ISSUER}/octo` },
    id: 'azure/issuer-refused',
    cause: /enterprise or server has an issuer of its own/,
    fix: paste,
  },
  {
    mistake: 'The credential has another audience',
    source: 'azure 8.1',
    played: 'trust document',
    scene: credential({ audiences: ['https://github.com/octo-org'] }),
    id: 'azure/audience-refused',
    cause: /asks for another audience than api:\/\/AzureADTokenExchange/,
    fix: paste,
  },
  {
    mistake: 'A sovereign cloud with the public cloud’s audience',
    source: 'azure 8.2',
    played: 'trust document',
    scene: tenant({ cloud: 'usgovernment' }, input('azure-cloud', 'usgovernment')),
    id: 'azure/audience-refused',
    cause: /asks for another audience than api:\/\/AzureADTokenExchangeUSGov/,
    fix: paste,
  },
  {
    mistake: 'Any mismatch, in Entra’s older words',
    source: 'azure 2',
    played: 'recorded answer',
    scene: says(
      70021,
      `No matching federated identity record found for presented assertion. Assertion Issuer: '${ISSUER}'. Assertion Subject: '${MAIN}'. Assertion Audience: 'api://AzureADTokenExchange'.`,
    ),
    id: 'azure/trust-refused',
    cause: /has issuer, subject and audience of this token/,
    fix: ({ log }, at) => ({ ...paste({ log } as never, at), recorded: [] }),
  },
  {
    mistake: 'The same words without error_codes',
    source: 'azure 2',
    played: 'recorded answer',
    scene: {
      ...right,
      recorded: [
        {
          service: 'azure',
          operation: 'token',
          answer: json(401, {
            error: 'invalid_client',
            error_description:
              "AADSTS70025: The client 'octo-deploy' has no configured federated identity credentials.",
          }),
        },
      ],
    },
    id: 'azure/no-federated-credential',
    cause: /has no federated credential at all/,
    fix: ({ log }, at) => ({ ...paste({ log } as never, at), recorded: [] }),
  },
  {
    mistake: 'The application has no federated credential',
    source: 'azure 8.2',
    played: 'trust document',
    scene: identity({ federatedCredentials: [] }),
    id: 'azure/no-federated-credential',
    cause: /has no federated credential at all/,
    fix: paste,
  },
];
