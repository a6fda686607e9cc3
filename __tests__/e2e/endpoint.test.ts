// GitHub's endpoint of identity tokens at its worst, on the built action: what passes is asked again, what does not is told at once.
import { type Fault, json } from '../../sandbox/service.ts';
import type { World } from '../../sandbox/world.ts';
import { HURRY } from './hurry.ts';
import { AWS, FOUR, type Played, play, useWorld } from './scenario.ts';

let world: World;
useWorld((started) => {
  world = started;
});

function annotations({ main }: Played): string[] {
  return main.annotations.map(({ level, message }) => `${level}: ${message}`);
}

/** Ids of the errors. */
function failed(played: Played): string[] {
  return annotations(played).flatMap((text) => /^error: \[([^\]]+)\] /.exec(text)?.[1] ?? []);
}

function requests(): string[] {
  return world.traffic.map((t) => `${t.service} ${t.operation}`);
}

/** The step failed for one reason, gave nothing, owes nothing; no authority was asked. */
function expectRefused(played: Played, id: string): void {
  expect(failed(played)).toEqual([id]);
  expect([played.result.result, played.main.exitCode]).toEqual(['failure', 1]);
  expect([played.main.exported, played.main.outputs]).toEqual([{}, { federated: 'false' }]);
  expect(played.main.summary).toContain(id);
  expect(requests().filter((request) => !request.endsWith(' idtoken'))).toEqual([]);
  expect([played.post?.conclusion, played.post?.annotations]).toEqual(['success', []]);
}

const refusal = (status: number, message: string, headers?: Record<string, string>) =>
  json(status, { $id: '1', message }, headers);
const PENDING = refusal(403, "Can't issue ID_TOKEN for job in 'Pending' state.");

describe("GitHub's endpoint is not well", () => {
  const passing: readonly (readonly [string, Fault])[] = [
    ['resets', { kind: 'reset', times: 2 }],
    ['resets after it has minted', { kind: 'reset-after' }],
    ['ends the connection', { kind: 'close' }],
    ['answers half', { kind: 'truncate' }],
    ['is busy, and says for how long', { kind: 'status', reply: refusal(429, 'busy', { 'retry-after': '1' }) }],
    ['is busy, and does not say for how long', { kind: 'status', reply: refusal(429, 'busy') }],
    ['fails', { kind: 'status', reply: refusal(500, 'oops'), times: 3 }],
    ['is not available', { kind: 'status', reply: { status: 503, body: 'no server' }, times: 4 }],
    ['does not know yet that the job runs', { kind: 'status', reply: PENDING, times: 2 }],
    ['hangs', { kind: 'hang' }],
  ];
  it.each(passing)('it %s: it is asked again, and all is well', async (_, fault) => {
    world.faults.push({ operation: 'idtoken', ...fault });
    const { times = 1 } = fault;
    const { result, main } = await play(world, { with: AWS, machine: HURRY });
    expect([result.result, main.annotations]).toEqual(['success', []]);
    expect(requests()).toEqual([...Array(times + 1).fill('github idtoken'), 'aws AssumeRoleWithWebIdentity']);
  });

  const html = { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>sign in: hotel-wifi</html>' };
  const lasting: readonly (readonly [string, Fault, string, number, string])[] = [
    ['is a login page', { kind: 'status', reply: html }, 'identity/bad-answer', 1, 'hotel-wifi'],
    [
      'answers without a token',
      { kind: 'status', reply: json(200, { count: 0 }) },
      'identity/bad-answer',
      1,
      'without a token',
    ],
    [
      'answers with a number',
      { kind: 'status', reply: json(200, { value: 42 }) },
      'identity/bad-answer',
      1,
      'without a token',
    ],
    [
      'answers with no JWT',
      { kind: 'status', reply: json(200, { value: 'abcd-efgh-ijkl' }) },
      'identity/bad-answer',
      1,
      'not a JWT',
    ],
    [
      'answers with a JWT of no object',
      { kind: 'status', reply: json(200, { value: 'e30.W10.c2ln' }) },
      'identity/bad-answer',
      1,
      'not a JWT',
    ],
    ['answers with far too much', { kind: 'oversize', bytes: 8_000_000 }, 'identity/unreachable', 1, 'far too large'],
    [
      'refuses the request token',
      { kind: 'status', reply: refusal(401, 'Client authentication required.') },
      'identity/request-token-refused',
      1,
      'about six hours',
    ],
    [
      'has seen the job end',
      { kind: 'status', reply: refusal(403, "Can't issue ID_TOKEN for job in 'Completed' state.") },
      'identity/job-over',
      1,
      'it has ended',
    ],
    [
      'refuses for a reason of its own',
      { kind: 'status', reply: refusal(403, 'Resource not accessible') },
      'identity/refused',
      1,
      'Resource not accessible',
    ],
    [
      'does not know the path',
      { kind: 'status', reply: refusal(404, 'not found') },
      'identity/refused',
      1,
      'answered 404',
    ],
    [
      'wants more patience than a job has',
      { kind: 'status', reply: refusal(429, 'busy', { 'retry-after': '600' }) },
      'identity/refused',
      1,
      'answered 429',
    ],
    ['never is well', { kind: 'status', reply: refusal(500, 'oops') }, 'identity/refused', 5, 'answered 500'],
    ['never hears of the job', { kind: 'status', reply: PENDING }, 'identity/job-pending', 5, "'Pending' state"],
    ['always resets', { kind: 'reset' }, 'identity/unreachable', 5, 'the connection failed (ECONNRESET)'],
    ['always hangs', { kind: 'hang' }, 'identity/unreachable', 5, 'did not answer in time (TIMEOUT)'],
  ];
  it.each(lasting)('it %s: told, and nothing is exchanged', async (_, fault, id, tries, says) => {
    world.faults.push({ operation: 'idtoken', times: Number.POSITIVE_INFINITY, ...fault });
    const played = await play(world, { with: AWS, machine: HURRY });
    expectRefused(played, id);
    expect(requests()).toEqual(Array(tries).fill('github idtoken'));
    expect(played.log).toContain(says);
  });

  it('for one audience of several: nothing is exchanged for the others either', async () => {
    world.faults.push({
      operation: 'idtoken',
      kind: 'status',
      reply: refusal(403, 'Resource not accessible'),
      skip: 2,
    });
    expectRefused(await play(world, { with: FOUR }), 'identity/refused');
  });

  it('a permission that is there, and a job that ended long ago: the real words of GitHub', async () => {
    const beforeStep = () => {
      world.github.state = 'Completed';
    };
    expectRefused(await play(world, { with: AWS, run: { hooks: { beforeStep } } }), 'identity/job-over');
  });
});
