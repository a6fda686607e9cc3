import { createAuthority } from '../../sandbox/net/authority.ts';
import { openTransport } from '../../src/adapters/transport.ts';
import type { HostTls, NetworkSettings } from '../../src/core/ports.ts';
import { type Running, startProxy, startServer } from './servers.ts';

const common = createAuthority('everybody trusts');
const own = createAuthority('one server alone');
const clients = createAuthority('for clients');
const { cert: certificate, key } = clients.issueClient('ci');
const stranger = own.issueClient('stranger');

let own1: Running; // of its own authority
let own2: Running; // another of the same authority
let demanding: Running; // wants a client certificate
let ordinary: Running; // of the common authority
beforeAll(async () => {
  [own1, own2, demanding, ordinary] = await Promise.all([
    startServer(own.issue('127.0.0.1')),
    startServer(own.issue('127.0.0.1')),
    startServer(own.issue('127.0.0.1'), clients.cert),
    startServer(common.issue('127.0.0.1')),
  ]);
});
afterAll(() => Promise.all([own1, own2, demanding, ordinary].map((server) => server.stop())));

const WAYS = ['directly', 'on a connection opened ahead', 'through a proxy', 'ahead through a proxy'] as const;

/** What becomes of a request to `to` where `tls` is what was said of `named`: the status, or the fault's code. */
async function outcome(
  way: (typeof WAYS)[number],
  to: Running,
  named: Running,
  tls: HostTls,
  judgedLike?: Running,
): Promise<number | string> {
  const proxy = way.includes('proxy') ? await startProxy(to.port) : undefined;
  const settings: NetworkSettings = {
    ca: common.cert,
    tls: { [new URL(named.origin).host]: tls },
    ...(proxy && { proxy: proxy.origin, noProxy: '' }),
  };
  const via = openTransport(settings, new AbortController().signal);
  try {
    if (way.includes('ahead')) {
      via.preconnect(to.origin);
      await via.onTheWire();
    }
    const like = judgedLike && { judgedLike: new URL(judgedLike.origin).host };
    const answer = await via.send({ method: 'POST', url: `${to.origin}/x`, body: 'x', ...like });
    expect(proxy?.seen.length ?? 1).toBeGreaterThan(0);
    return answer.status;
  } catch (thrown) {
    return (thrown as { code: string }).code;
  } finally {
    via.close();
    await proxy?.stop();
  }
}

it.each([false, true])(
  'connections that are turned away while nobody uses them are no error (proxy: %s)',
  async (proxied) => {
    const proxy = proxied ? await startProxy(demanding.port) : undefined;
    const settings = { ca: own.cert, ...(proxy && { proxy: proxy.origin, noProxy: '' }) };
    const via = openTransport(settings, new AbortController().signal);
    for (let i = 0; i < 4; i++) via.preconnect(demanding.origin);
    await via.onTheWire();
    await new Promise((go) => setTimeout(go, 200)); // an error that nobody hears would end the test here
    const sent = via.send({ method: 'POST', url: `${demanding.origin}/x`, body: 'x' });
    await expect(sent).rejects.toMatchObject({ code: expect.stringMatching(/CERTIFICATE_REQUIRED|ECONNRESET|EPIPE/) });
    via.close();
    await proxy?.stop();
  },
);

describe.each(WAYS)('%s', (way) => {
  const refused = expect.stringMatching(/^(UNABLE_TO|SELF_SIGNED)/);
  const turnedAway = expect.stringMatching(/^(ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED|ECONNRESET|EPIPE)$/);

  it("a host's own authorities count for it, and are all that counts for it", async () => {
    expect(await outcome(way, own1, own1, { ca: own.cert })).toBe(200);
    expect(await outcome(way, ordinary, ordinary, { ca: own.cert })).toEqual(refused);
  });
  it('they count for no other host', async () => {
    expect(await outcome(way, own2, own1, { ca: own.cert })).toEqual(refused);
    expect(await outcome(way, ordinary, own1, { ca: own.cert })).toBe(200);
  });
  it('a client certificate is shown to its host, and to no other', async () => {
    expect(await outcome(way, demanding, demanding, { ca: own.cert, certificate, key })).toBe(200);
    expect(await outcome(way, demanding, demanding, { ca: own.cert })).toEqual(turnedAway);
    const wrong = { ca: own.cert, certificate: stranger.cert, key: stranger.key };
    expect(await outcome(way, demanding, demanding, wrong)).not.toBe(200);
    expect(await outcome(way, demanding, own1, { ca: own.cert, certificate, key }, own1)).toEqual(turnedAway);
  });
  it('no check is made of the host that was named, of every other one is', async () => {
    expect(await outcome(way, own1, own1, { skipVerify: true })).toBe(200);
    expect(await outcome(way, own2, own1, { skipVerify: true })).toEqual(refused);
  });
  it('where a host leads to another, its authorities judge that one; no check is no way round', async () => {
    expect(await outcome(way, own2, own1, { ca: own.cert }, own1)).toBe(200);
    expect(await outcome(way, own2, own1, { skipVerify: true }, own1)).toEqual(refused);
  });
});
