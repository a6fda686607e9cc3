// The only file that knows AWS's SDK. It gets our transport as its HTTP handler, its own retry off, and every setting that it would
// otherwise look for in files and variables (facts: toolchain 2.1).
import { AssumeRoleWithWebIdentityCommand, STSClient, type STSClientConfig } from '@aws-sdk/client-sts';
import type { Answer, Send } from '../../core/http.ts';
import { recorded } from '../../core/recorder.ts';
import type { Secret } from '../../core/secret.ts';

export interface WebIdentityCall {
  readonly endpoint: string;
  readonly region: string;
  readonly roleArn: string;
  readonly sessionName: string;
  readonly duration: number;
  readonly policy?: string;
  readonly policyArns: readonly string[];
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

/** Resolves with the session, or with the answer that held none. Rejects with what `send` rejected with. */
export async function assumeRoleWithWebIdentity(
  call: WebIdentityCall,
  token: Secret,
  send: Send,
): Promise<{ session?: SessionAnswer; answer: Answer }> {
  const { result, answer } = await recorded(send, (recording) => {
    const command = new AssumeRoleWithWebIdentityCommand({
      RoleArn: call.roleArn,
      RoleSessionName: call.sessionName,
      DurationSeconds: call.duration,
      WebIdentityToken: token.reveal(),
      ...(call.policy !== undefined && { Policy: call.policy }),
      ...(call.policyArns.length > 0 && { PolicyArns: call.policyArns.map((arn) => ({ arn })) }),
    });
    return new STSClient(settings(call, recording)).send(command);
  });
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

function settings(call: WebIdentityCall, send: Send): STSClientConfig {
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
    credentials: { accessKeyId: '', secretAccessKey: '' }, // the call is not signed; an absent value would start the credential chain
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
