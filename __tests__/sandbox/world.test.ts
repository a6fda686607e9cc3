import { existsSync, readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { createRequire } from 'node:module';
import { defaultJob } from '../../sandbox/github/job.ts';
import { startWorld, type World } from '../../sandbox/world.ts';

const running: World[] = [];
afterEach(async () => {
  for (const world of running.splice(0)) await world.stop();
});

async function start(...options: Parameters<typeof startWorld>): Promise<World> {
  const world = await startWorld(...options);
  running.push(world);
  return world;
}

function ask(
  world: World,
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  const env = world.env();
  const agent = new Agent({ proxyEnv: env, ca: readFileSync(env.NODE_EXTRA_CA_CERTS ?? '') });
  return new Promise((resolve, reject) => {
    request(url, { agent, headers }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => {
        body += chunk;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}

describe('a world', () => {
  it.each([
    ['https://token.actions.githubusercontent.com/.well-known/openid-configuration', 'github', 200],
    ['https://api.github.com/user', 'github-rest', 404],
    ['https://sts.eu-west-1.amazonaws.com/', 'aws', 302],
    [
      'https://login.microsoftonline.com/common/discovery/instance?api-version=1.1&authorization_endpoint=https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
      'azure',
      200,
    ],
    ['https://sts.googleapis.com/v1/token', 'gcp', 404],
    ['https://vault.example.com/v1/sys/health', 'vault', 200],
  ])('has %s, played by %s', async (url, service, status) => {
    const world = await start();
    expect((await ask(world, url, { 'user-agent': 'test' })).status).toBe(status);
    expect(world.traffic).toMatchObject([{ service, outcome: status }]);
  });

  it('has nothing else', async () => {
    const world = await start();
    await expect(ask(world, 'https://example.com/')).rejects.toMatchObject({
      code: 'ERR_PROXY_TUNNEL',
      statusCode: 502,
    });
    expect(world.connects).toMatchObject([{ target: 'example.com:443', outcome: 502 }]);
  });

  it('can be given other hosts, which come first', async () => {
    const own = {
      name: 'own',
      plays: (host: string) => host === 'vault.example.com',
      operation: () => 'any',
      answer: () => ({ status: 418 }),
    };
    const world = await start({ services: [own] });
    expect((await ask(world, 'https://vault.example.com/v1/sys/health')).status).toBe(418);
  });

  it('knows every secret that it issued', async () => {
    const world = await start({ proxyCredentials: { user: 'u', password: 'a-proxy-password' } });
    const url = `${world.github.requestUrl}&audience=a`;
    const { body } = await ask(world, url, { authorization: `Bearer ${world.github.requestToken}` });
    const values = world.canaries().map(({ value }) => value);
    expect(values).toEqual([world.github.requestToken, JSON.parse(body).value, 'a-proxy-password']);
  });

  it('takes a job, trust and faults, before its start or while it runs', async () => {
    const world = await start({ job: { ...defaultJob, environment: 'production' }, trust: { aws: { accounts: {} } } });
    expect(world.github.claims().sub).toBe('repo:octo-org/octo-repo:environment:production');
    expect(world.trust.aws.accounts).toEqual({});
    world.faults.push({ kind: 'status', service: 'vault', reply: { status: 503 } });
    expect((await ask(world, 'https://vault.example.com/v1/sys/health')).status).toBe(503);
    expect((await ask(world, 'https://vault.example.com/v1/sys/health')).status).toBe(200);
  });

  it('leaves nothing behind', async () => {
    const world = await startWorld();
    const { caFile } = world;
    expect(readFileSync(caFile, 'utf8')).toBe(world.ca);
    await world.stop();
    expect(existsSync(caFile)).toBe(false);
    await expect(
      ask(
        { ...world, env: () => ({ ...world.env(), NODE_EXTRA_CA_CERTS: import.meta.filename }) },
        'https://vault.example.com/',
      ),
    ).rejects.toThrow();
  });
});

it("satisfies AWS's own SDK: web identity, signed calls, a chain", async () => {
  const world = await start();
  const { AssumeRoleCommand, AssumeRoleWithWebIdentityCommand, GetCallerIdentityCommand, STSClient } = createRequire(
    import.meta.url,
  )('@aws-sdk/client-sts') as typeof import('@aws-sdk/client-sts');
  type Issued =
    | { AccessKeyId: string | undefined; SecretAccessKey: string | undefined; SessionToken: string | undefined }
    | undefined;
  const client = (issued: Issued) =>
    new STSClient({
      region: 'eu-west-1',
      endpoint: world.env().AWS_ENDPOINT_URL_STS ?? '',
      credentials: {
        accessKeyId: issued?.AccessKeyId ?? '',
        secretAccessKey: issued?.SecretAccessKey ?? '',
        sessionToken: issued?.SessionToken ?? '',
      },
    });
  const role = { RoleArn: 'arn:aws:iam::123456789012:role/deploy', RoleSessionName: 'gh-1' };
  const first = await client(undefined).send(
    new AssumeRoleWithWebIdentityCommand({ ...role, WebIdentityToken: world.github.mint('sts.amazonaws.com') }),
  );
  const release = {
    RoleArn: 'arn:aws:iam::123456789012:role/release',
    RoleSessionName: 'hop',
    Tags: [{ Key: 'team', Value: 'a b+c' }],
    TransitiveTagKeys: ['team'],
    SourceIdentity: 'octocat',
    ExternalId: 'x-1',
  };
  const second = await client(first.Credentials).send(new AssumeRoleCommand(release));
  expect(second).toMatchObject({ SourceIdentity: 'octocat', PackedPolicySize: expect.any(Number) });
  expect(await client(second.Credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '123456789012',
    Arn: 'arn:aws:sts::123456789012:assumed-role/release/hop',
  });
  const refused = client(second.Credentials).send(new AssumeRoleCommand(role));
  await expect(refused).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
});
