// Which of Google Cloud's inputs go together: each rule is broken by a combination that would have no effect, or none that was meant.
import { isForClouds } from '../../core/audiences.ts';
import type { Problem } from '../../core/checked.ts';
import { spoken } from '../../core/kinds.ts';
import { type GcpValues, HOUR } from './inputs.ts';
import { isListed } from './universe.ts';

interface Rule {
  readonly id?: 'inputs/missing';
  readonly input: string;
  broken(inputs: GcpValues): boolean;
  readonly why: string | ((inputs: GcpValues) => string);
}

const IN_FILE = 'cannot be in the credentials file: set gcp-create-credentials-file to false, and use the output gcp-';
const ACCOUNT = 'has no effect without gcp-service-account';

const isIdToken = ({ tokenFormat }: GcpValues) => tokenFormat.value === 'id-token';
/** An access token is made of the service account, or of the user: for the file, or as the format says. */
const hasAccessToken = (inputs: GcpValues) => !isIdToken(inputs) || inputs.createCredentialsFile.value;

const RULES: readonly Rule[] = [
  {
    input: 'gcp-token-lifetime',
    broken: (i) => i.tokenLifetime !== undefined && !i.serviceAccount,
    why: `${ACCOUNT}: the token of direct federation ends with the identity token, after five minutes.`,
  },
  {
    input: 'gcp-token-lifetime',
    broken: (i) => i.tokenLifetime !== undefined && !hasAccessToken(i),
    why: 'has no effect where the ID token is all that is made: Google lets one live for an hour.',
  },
  {
    input: 'gcp-scopes',
    broken: (i) => i.scopes.origin === 'input' && !hasAccessToken(i),
    why: 'has no effect where the ID token is all that is made: it has an audience and no scopes.',
  },
  {
    input: 'gcp-token-format',
    broken: (i) => isIdToken(i) && !i.serviceAccount,
    why: 'got "id-token", which Google makes for service accounts alone. Set gcp-service-account.',
  },
  {
    id: 'inputs/missing',
    input: 'gcp-id-token-audience',
    broken: (i) => isIdToken(i) && !i.idTokenAudience,
    why: 'required with gcp-token-format: id-token. It takes the audience of the service that will check the token, such as its URL.',
  },
  {
    input: 'gcp-id-token-audience',
    broken: (i) => !isIdToken(i) && i.idTokenAudience !== undefined,
    why: 'has no effect without gcp-token-format: id-token.',
  },
  {
    input: 'gcp-id-token-include-email',
    broken: (i) => !isIdToken(i) && i.idTokenIncludeEmail.origin === 'input',
    why: 'has no effect without gcp-token-format: id-token.',
  },
  {
    input: 'gcp-delegates',
    broken: (i) => i.delegates !== undefined && !i.serviceAccount,
    why: `${ACCOUNT}: that is the account at the end of the chain.`,
  },
  {
    input: 'gcp-delegates',
    broken: (i) => i.delegates !== undefined && repeats([...i.delegates.value, i.serviceAccount?.value]),
    why: 'names an account twice, or gcp-service-account itself, which is the end of the chain.',
  },
  {
    input: 'gcp-delegates',
    broken: (i) => i.delegates !== undefined && i.createCredentialsFile.value,
    why: (i) => `${IN_FILE}${isIdToken(i) ? 'id' : 'access'}-token (output-credentials).`,
  },
  {
    input: 'gcp-subject',
    broken: (i) => i.subject !== undefined && !i.serviceAccount,
    why: `${ACCOUNT}: that is the account with domain-wide delegation.`,
  },
  {
    input: 'gcp-service-account',
    broken: (i) => i.subject !== undefined && /^\d+$/.test(i.serviceAccount?.value ?? ''),
    why: (i) =>
      `got "${i.serviceAccount?.text}". With gcp-subject it takes the e-mail address, in whose name the account signs.`,
  },
  {
    input: 'gcp-subject',
    broken: (i) => i.subject !== undefined && i.createCredentialsFile.value,
    why: `${IN_FILE}access-token (output-credentials).`,
  },
  {
    input: 'gcp-subject',
    broken: (i) => i.subject !== undefined && isIdToken(i),
    why: 'gives an access token; Google makes no ID tokens of users. Remove it, or set gcp-token-format to access-token.',
  },
  {
    input: 'gcp-token-lifetime',
    broken: (i) => i.subject !== undefined && (i.tokenLifetime?.value ?? 0) > HOUR,
    why: (i) =>
      `got "${i.tokenLifetime?.text}". With gcp-subject it takes at most ${spoken(HOUR)}, whatever the organisation's policy is.`,
  },
  {
    input: 'gcp-universe',
    broken: (i) => !isListed(i.universe.value) && (!i.audience || isForClouds(i.audience.value)),
    why: (i) =>
      `got "${i.universe.value}", which is no universe that this action knows. To use it, give gcp-audience a value that no cloud accepts by default, and allow it in the provider.`,
  },
];

/** Every rule that these inputs break. */
export function combinationProblems(inputs: GcpValues): Problem[] {
  return RULES.filter((rule) => rule.broken(inputs)).map(({ id = 'inputs/invalid', input, why }) => ({
    id,
    message: `${input}: ${typeof why === 'string' ? why : why(inputs)}`,
  }));
}

function repeats(names: readonly (string | undefined)[]): boolean {
  return new Set(names).size < names.length;
}
