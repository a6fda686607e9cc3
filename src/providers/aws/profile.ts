// The session as a named profile, in copies of the files that AWS's tools read. Loaded where a profile was asked for.
import type { Original, PlannedFile } from '../../core/grant.ts';
import { Secret } from '../../core/secret.ts';
import type { Handing } from './grant.ts';
import { type FileKind, hasProfile, secretsIn, withProfile } from './profile-text.ts';
import type { AwsRequest } from './request.ts';
import type { Session } from './session.ts';

/** Variables that in one tool or another win over a profile that a variable names; a region, over the profile's. */
const WINS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

/** What a step that wrote the profile `request.profile` gives to later ones: no key, no region, but where they stand. */
export function asProfile(request: AwsRequest, session: Session): Handing {
  const { profile = '', region } = request;
  const keys = {
    aws_access_key_id: session.accessKey.reveal(),
    aws_secret_access_key: session.secretKey.reveal(),
    aws_session_token: session.token.reveal(),
  };
  return {
    variables: [{ name: 'AWS_PROFILE', value: profile }],
    files: [
      {
        ...file('config', profile, { region }),
        name: 'aws-config',
        variables: ['AWS_CONFIG_FILE'],
        outputs: ['aws-config-file'],
      },
      {
        ...file('credentials', profile, keys),
        name: 'aws-credentials',
        variables: ['AWS_SHARED_CREDENTIALS_FILE'],
        outputs: [],
      },
    ],
    shadows: [
      ...WINS.map((name) => ({ name })),
      ...['AWS_REGION', 'AWS_DEFAULT_REGION'].map((name) => ({ name, harmless: region })),
    ],
  };
}

function file(
  kind: FileKind,
  profile: string,
  settings: Readonly<Record<string, string>>,
): Pick<PlannedFile, 'copyOf' | 'content'> {
  return {
    copyOf: copied(kind, profile),
    content: (_, original = '') => new Secret(withProfile(original, kind, profile, settings), `the AWS ${kind} file`),
  };
}

function copied(kind: FileKind, profile: string): Original {
  return {
    variable: kind === 'config' ? 'AWS_CONFIG_FILE' : 'AWS_SHARED_CREDENTIALS_FILE',
    inHome: `.aws/${kind}`,
    heed: (text) => ({
      secrets: secretsIn(text),
      remarks: hasProfile(text, kind, profile)
        ? [
            `AWS: the ${kind} file has a profile ${profile}: this step's takes its place in the copy; the file stays as it is.`,
          ]
        : [],
    }),
  };
}
