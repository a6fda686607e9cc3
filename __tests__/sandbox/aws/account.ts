// An AWS of its own for each test: the service, a way to get a session, and a signer that can be told to err.
import { createHash, createHmac } from 'node:crypto';
import { awsService } from '../../../sandbox/aws/service.ts';
import { type AwsTrust, defaultAwsTrust, type PolicyDocument } from '../../../sandbox/aws/trust.ts';
import type { Call, Reply } from '../../../sandbox/service.ts';
import { callTo, mint, newContext, postForm } from '../test-issuer.ts';

export const STS = 'https://sts.eu-west-1.amazonaws.com/';
export const DEPLOY = 'arn:aws:iam::123456789012:role/deploy';
export const RELEASE = 'arn:aws:iam::123456789012:role/release';
const VERSION = '2011-06-15';

export type Fields = Record<string, string | undefined>;

export interface Keys {
  readonly accessKeyId: string;
  readonly secretKey: string;
  readonly token: string;
}

export function startAws(document: AwsTrust = defaultAwsTrust) {
  const context = newContext();
  let trust = document;
  const service = awsService({ ...context, trust: () => trust });
  const answer = async (call: Call): Promise<Reply> => service.answer(call);
  const token = (claims: Record<string, unknown> = {}) => mint(context.clock, { aud: 'sts.amazonaws.com', ...claims });
  /** AssumeRoleWithWebIdentity of the demo's job, but for what `fields` say otherwise. */
  const federate = (fields: Fields = {}, url = STS) =>
    answer(
      postForm(url, {
        Action: 'AssumeRoleWithWebIdentity',
        Version: VERSION,
        RoleArn: DEPLOY,
        RoleSessionName: 'gh-1',
        WebIdentityToken: token(),
        ...fields,
      }),
    );
  return {
    ...context,
    service,
    answer,
    token,
    federate,
    setTrust: (next: AwsTrust) => {
      trust = next;
    },
    /** A session of `deploy`. Throws if there is none. */
    session: async (fields: Fields = {}) => keysOf(await federate(fields)),
    /** A signed call to STS. */
    signed: (keys: Keys, fields: Fields, signing: Partial<Signing> = {}) =>
      answer(sign(postForm(STS, { Version: VERSION, ...fields }), keys, { now: context.clock.now(), ...signing })),
    listBuckets: (keys: Keys, signing: Partial<Signing> = {}) => {
      const call = callTo('https://s3.eu-west-1.amazonaws.com/?x-id=ListBuckets');
      return answer(sign(call, keys, { now: context.clock.now(), service: 's3', ...signing }));
    },
  };
}

/** The session in an answer of STS's. */
export function keysOf({ status, body = '' }: Reply): Keys {
  if (status !== 200) throw new Error(`no session: ${body}`);
  return {
    accessKeyId: read(body, 'AccessKeyId'),
    secretKey: read(body, 'SecretAccessKey'),
    token: read(body, 'SessionToken'),
  };
}

export function read(body: string | undefined, name: string): string {
  const [, text = ''] = new RegExp(`<${name}>([^<]*)</${name}>`).exec(body ?? '') ?? [];
  return text
    .replaceAll('&apos;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

/** `403 AccessDenied: ...`, or `200`. */
export function outcome({ status, body }: Reply): string {
  const code = read(body, 'Code');
  return code ? `${status} ${code}: ${read(body, 'Message')}` : String(status);
}

export interface Signing {
  /** Milliseconds. */
  readonly now: number;
  readonly service: string;
  readonly region: string;
  readonly terminator: string;
  /** Of the credential's scope; the day of `now` unless said. */
  readonly day: string;
  readonly signedHeaders: readonly string[];
  readonly withoutToken: boolean;
  /** Changes the call after it was signed. */
  readonly tamper: (call: Call) => Partial<Call>;
}

const hex = (text: string) => createHash('sha256').update(text).digest('hex');
const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** Signature version 4 by its documentation, and on purpose not by the sandbox's own code. */
export function sign(call: Call, keys: Keys, options: Partial<Signing> & { readonly now: number }): Call {
  const { service = 'sts', region = 'eu-west-1', terminator = 'aws4_request', withoutToken = false } = options;
  const date = new Date(options.now).toISOString().replace(/[-:]|\.\d+/g, '');
  const day = options.day ?? date.slice(0, 8);
  const headers: Record<string, string> = {
    ...call.headers,
    host: call.host,
    'x-amz-date': date,
    ...(withoutToken ? {} : { 'x-amz-security-token': keys.token }),
    ...(service === 's3' ? { 'x-amz-content-sha256': hex(call.body) } : {}),
  };
  const names = [...(options.signedHeaders ?? Object.keys(headers))].sort();
  const query = [...call.url.searchParams].map(([n, v]) => `${encodeURIComponent(n)}=${encodeURIComponent(v)}`).sort();
  const canonical = [
    call.method,
    call.url.pathname,
    query.join('&'),
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    names.join(';'),
    hex(call.body),
  ].join('\n');
  const scope = [day, region, service, terminator];
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), hex(canonical)].join('\n');
  const key = scope.reduce<string | Buffer>((previous, part) => mac(previous, part), `AWS4${keys.secretKey}`);
  const signature = mac(key, toSign).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const signed = { ...call, headers: { ...headers, authorization } };
  return { ...signed, ...options.tamper?.(signed) };
}

/** The default account with other roles beside or in place of its own. */
export function withRoles(
  roles: AwsTrust['accounts'][string]['roles'],
  more: Partial<AwsTrust['accounts'][string]> = {},
): AwsTrust {
  const account = defaultAwsTrust.accounts['123456789012'];
  if (account === undefined) throw new Error('the default account is gone');
  return { accounts: { '123456789012': { ...account, roles: { ...account.roles, ...roles }, ...more } } };
}

export function statements(...Statement: Record<string, unknown>[]): PolicyDocument {
  return { Version: '2012-10-17', Statement };
}

/** Text that packs badly, and is the same each time. */
export function incompressible(length: number): string {
  let text = '';
  for (let i = 0; text.length < length; i++)
    text += createHash('sha512').update(String(i)).digest('base64').slice(0, 86);
  return text.slice(0, length);
}
