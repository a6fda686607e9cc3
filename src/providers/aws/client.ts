// The only file that knows AWS's SDK. It gets our transport as its HTTP handler, its own retry off, and every setting that it would
// otherwise look for in files and variables (facts: toolchain 2.1).
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  STSClient,
  type STSClientConfig,
} from '@aws-sdk/client-sts';
import type { Answer, Send } from '../../core/http.ts';
import { recorded } from '../../core/recorder.ts';
import type { Secret } from '../../core/secret.ts';
import type { Tag } from './kinds.ts';

/** A session to ask for. */
export interface SessionCall {
  readonly endpoint: string;
  /** That of a signature, where there is one. */
  readonly region: string;
  readonly roleArn: string;
  readonly sessionName: string;
  /** Seconds. */
  readonly duration: number;
  readonly policy?: string;
  readonly policyArns: readonly string[];
}

/** A session to ask for with another session. */
export interface RoleCall extends SessionCall {
  readonly externalId?: string;
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity?: string;
  /** What the clock of this machine lacks, in milliseconds: a signature carries the time. */
  readonly clockOffset?: number;
}

/** What a call is signed with. */
export interface Signer {
  readonly accessKey: Secret;
  readonly secretKey: Secret;
  readonly token: Secret;
}

/** STS's answer as the SDK read it; every member is checked by the exchange before it is used. */
export interface SessionAnswer {
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
  readonly assumedRoleArn?: string;
  readonly packedPolicySize?: number;
}

interface Outcome {
  readonly session?: SessionAnswer;
  readonly answer: Answer;
}

/** Resolves with the session, or with the answer that held none. Rejects with what `send` rejected with. */
export function assumeRoleWithWebIdentity(call: SessionCall, token: Secret, send: Send): Promise<Outcome> {
  const command = new AssumeRoleWithWebIdentityCommand({ ...asked(call), WebIdentityToken: token.reveal() });
  return outcome(send, (recording) => new STSClient(settings(call, UNSIGNED, recording)).send(command));
}

/** The same for a call that `signer` signs: the next hop of a chain. */
export function assumeRole(call: RoleCall, signer: Signer, send: Send): Promise<Outcome> {
  const { externalId, tags, transitiveTagKeys, sourceIdentity, clockOffset = 0 } = call;
  const command = new AssumeRoleCommand({
    ...asked(call),
    ...(externalId !== undefined && { ExternalId: externalId }),
    ...(tags.length > 0 && { Tags: tags.map(({ key, value }) => ({ Key: key, Value: value })) }),
    ...(transitiveTagKeys.length > 0 && { TransitiveTagKeys: [...transitiveTagKeys] }),
    ...(sourceIdentity !== undefined && { SourceIdentity: sourceIdentity }),
  });
  const credentials = {
    accessKeyId: signer.accessKey.reveal(),
    secretAccessKey: signer.secretKey.reveal(),
    sessionToken: signer.token.reveal(),
  };
  return outcome(send, (recording) =>
    new STSClient({ ...settings(call, credentials, recording), systemClockOffset: clockOffset }).send(command),
  );
}

function asked(call: SessionCall) {
  return {
    RoleArn: call.roleArn,
    RoleSessionName: call.sessionName,
    DurationSeconds: call.duration,
    ...(call.policy !== undefined && { Policy: call.policy }),
    ...(call.policyArns.length > 0 && { PolicyArns: call.policyArns.map((arn) => ({ arn })) }),
  };
}

interface WireSession {
  readonly Credentials?: WireCredentials | undefined;
  readonly AssumedRoleUser?: { readonly Arn: string | undefined } | undefined;
  readonly PackedPolicySize?: number | undefined;
}

async function outcome(send: Send, call: (send: Send) => Promise<WireSession>): Promise<Outcome> {
  const { result, answer } = await recorded(send, call);
  if (!result) return { answer };
  return { answer, session: sessionOf(result.Credentials, result.AssumedRoleUser?.Arn, result.PackedPolicySize) };
}

interface WireCredentials {
  AccessKeyId: string | undefined;
  SecretAccessKey: string | undefined;
  SessionToken: string | undefined;
  Expiration: Date | undefined;
}

function sessionOf(
  credentials: WireCredentials | undefined,
  arn: string | undefined,
  packed: number | undefined,
): SessionAnswer {
  return {
    ...(credentials?.AccessKeyId !== undefined && { accessKeyId: credentials.AccessKeyId }),
    ...(credentials?.SecretAccessKey !== undefined && { secretAccessKey: credentials.SecretAccessKey }),
    ...(credentials?.SessionToken !== undefined && { sessionToken: credentials.SessionToken }),
    ...(credentials?.Expiration !== undefined && { expiration: credentials.Expiration }),
    ...(arn !== undefined && { assumedRoleArn: arn }),
    ...(packed !== undefined && { packedPolicySize: packed }),
  };
}

interface SdkRequest {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
}

/** An absent value would start the credential chain: nobody's credentials are used but those of the call. */
const UNSIGNED = { accessKeyId: '', secretAccessKey: '' };

function settings(call: SessionCall, credentials: STSClientConfig['credentials'], send: Send): STSClientConfig {
  const requestHandler = {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(q: SdkRequest) {
      const { host: _, 'content-length': __, ...headers } = q.headers;
      const url = `${q.protocol}//${q.hostname}${q.port ? `:${q.port}` : ''}${q.path}`;
      const answer = await send({ method: 'POST', url, headers, ...(q.body !== undefined && { body: q.body }) });
      // A Uint8Array is taken as it is: no stream.
      return { response: { statusCode: answer.status, headers: answer.headers, body: Buffer.from(answer.body) } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
  return {
    region: call.region,
    endpoint: call.endpoint,
    credentials,
    maxAttempts: 1,
    retryMode: 'standard',
    defaultsMode: 'standard',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    authSchemePreference: [],
    sigv4aSigningRegionSet: [call.region],
    userAgentAppId: async () => undefined, // a plain undefined makes the SDK open ~/.aws
    requestHandler,
  } as unknown as STSClientConfig;
}
