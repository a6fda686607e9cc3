import { takeFault } from '../../../sandbox/net/faults.ts';
import { startProxy } from '../../../sandbox/net/proxy.ts';
import type { Fault } from '../../../sandbox/service.ts';
import { agentFor, ask, echo } from './client.ts';

const running: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});

const URL_OF = { a: 'https://a.example.com/read', b: 'https://b.example.com/write' };

async function start(...faults: Fault[]) {
  const a = echo('a', ['a.example.com']);
  const b = echo('b', ['b.example.com']);
  const proxy = await startProxy({ services: [a, b], faults });
  const agent = agentFor(proxy);
  running.push({ stop: () => agent.destroy() }, proxy);
  /** What the client sees: the status, `cut`, or the error's code. */
  const outcome = (url = URL_OF.a) =>
    ask(agent, url, { timeout: 400 }).then(
      ({ status, complete }) => (complete ? status : 'cut'),
      (error: Error) => error.message,
    );
  return { proxy, agent, a, b, outcome };
}

describe('each kind, as a client sees it', () => {
  it.each<[Fault, number | string, number]>([
    [{ kind: 'status', reply: { status: 429, headers: { 'retry-after': '1' } } }, 429, 0],
    [{ kind: 'status' }, 500, 0],
    [{ kind: 'reset' }, 'ECONNRESET', 0],
    [{ kind: 'reset-after' }, 'ECONNRESET', 1],
    [{ kind: 'close' }, 'ECONNRESET', 0],
    [{ kind: 'hang' }, 'SILENCE', 0],
    [{ kind: 'hang-after' }, 'SILENCE', 1],
    [{ kind: 'truncate' }, 'cut', 1],
    [{ kind: 'slow', ms: 1 }, 200, 1],
    [{ kind: 'delay', ms: 10 }, 200, 1],
    [{ kind: 'delay', ms: 60_000 }, 'SILENCE', 0],
    [{ kind: 'oversize', bytes: 300_000 }, 200, 0],
    [{ kind: 'connect-refused' }, 'ERR_PROXY_TUNNEL 502', 0],
    [{ kind: 'connect-refused', reply: { status: 407 } }, 'ERR_PROXY_TUNNEL 407', 0],
    [{ kind: 'connect-reset' }, 'ECONNRESET', 0],
    [{ kind: 'connect-hang' }, 'ERR_PROXY_TUNNEL', 0],
    [{ kind: 'tls-broken' }, 'ECONNRESET', 0],
  ])('%j: %s, the service was asked %i times', async (fault, seen, asked) => {
    const { outcome, a } = await start(fault);
    expect(await outcome()).toBe(seen);
    expect(a.calls.length).toBe(asked);
    expect(await outcome()).toBe(200);
  });

  it('oversize has as many bytes as were asked for', async () => {
    const { agent } = await start({ kind: 'oversize', bytes: 2_000_000 });
    expect((await ask(agent, URL_OF.a)).body.length).toBe(2_000_000);
  });

  it('slow sends the whole body in pieces', async () => {
    const { agent } = await start({ kind: 'slow', ms: 1 });
    expect(JSON.parse((await ask(agent, URL_OF.a)).body)).toMatchObject({ host: 'a.example.com' });
  });

  it('is journalled: what was played, and what the service had said', async () => {
    const { outcome, proxy } = await start(
      { kind: 'reset-after' },
      { kind: 'reset' },
      { kind: 'status', reply: { status: 503, body: 'no' } },
    );
    for (let i = 0; i < 3; i++) await outcome();
    const { traffic } = proxy.journal;
    expect(traffic.map((t) => t.outcome)).toEqual(['reset-after', 'reset', 503]);
    expect(traffic.map((t) => t.replyBody)).toEqual([expect.stringContaining('a.example.com'), undefined, 'no']);
    expect(traffic.every((t) => t.end !== undefined && t.end >= t.start)).toBe(true);
  });

  it('of a connection is journalled with the connection', async () => {
    const { outcome, proxy } = await start(
      { kind: 'connect-reset' },
      { kind: 'tls-broken' },
      { kind: 'connect-refused' },
    );
    for (let i = 0; i < 4; i++) await outcome();
    expect(proxy.journal.connects.map(({ outcome: o }) => o)).toEqual(['connect-reset', 'tls-broken', 502, 'opened']);
  });
});

describe('which call a fault is for', () => {
  it.each<[string, Fault, (number | string)[]]>([
    ['once unless said', { kind: 'status' }, [500, 200, 200]],
    ['as often as said', { kind: 'status', times: 2 }, [500, 500, 200]],
    ['always', { kind: 'status', times: Number.POSITIVE_INFINITY }, [500, 500, 500]],
    ['after some', { kind: 'status', skip: 1 }, [200, 500, 200]],
    ['of this service', { kind: 'status', service: 'a' }, [500, 200, 200]],
    ['of another service', { kind: 'status', service: 'b' }, [200, 200, 200]],
    ['of this host', { kind: 'status', host: /^a\./ }, [500, 200, 200]],
    ['of another host', { kind: 'status', host: 'example.com' }, [200, 200, 200]],
    ['of this operation', { kind: 'status', operation: 'read' }, [500, 200, 200]],
    ['of another operation', { kind: 'status', operation: /^writ/ }, [200, 200, 200]],
  ])('%s', async (_what, fault, seen) => {
    const { outcome } = await start(fault);
    const outcomes: (number | string)[] = [];
    for (let i = 0; i < seen.length; i++) outcomes.push(await outcome());
    expect(outcomes).toEqual(seen);
  });

  it('may be added while the world runs', async () => {
    const faults: Fault[] = [];
    const { outcome } = await start();
    expect(await outcome()).toBe(200);
    faults.push({ kind: 'status' });
    expect(takeFault(faults, { service: 'a', host: 'a.example.com', operation: 'read' })).toBe(faults[0]);
    expect(takeFault(faults, { service: 'a', host: 'a.example.com', operation: 'read' })).toBeUndefined();
  });

  it('is taken from the first that matches; one that still skips lets the next have its turn', () => {
    const faults: Fault[] = [{ kind: 'reset', skip: 1 }, { kind: 'hang' }];
    const take = () => takeFault(faults, { service: 's', host: 'h', operation: 'o' })?.kind;
    expect([take(), take(), take()]).toEqual(['hang', 'reset', undefined]);
  });

  it('matches with a pattern that has state the same each time', () => {
    const faults: Fault[] = [{ kind: 'reset', host: /h/g, times: 3 }];
    const take = () => takeFault(faults, { service: 's', host: 'h', operation: 'o' })?.kind;
    expect([take(), take(), take(), take()]).toEqual(['reset', 'reset', 'reset', undefined]);
  });
});
