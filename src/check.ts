// `check-only`: who the job is, what each authority tells without a credential, and the trust that each would need. Nothing is exchanged, nothing
// exported, and no refusal that is foreseen fails the job. Loaded only where it is asked for.
import type { MintEndpoint } from './adapters/oidc.ts';
import { findingLine } from './core/claim-words.ts';
import { type Claims, claim } from './core/claims.ts';
import { type Documents, logLines } from './core/documents.ts';
import { asFailure } from './core/failure.ts';
import type { Keep } from './core/grant.ts';
import { jsonBody, text } from './core/http.ts';
import { asked, type Finding } from './core/probe.ts';
import type { ExchangePorts } from './core/provider.ts';
import { checkReport } from './core/report.ts';
import { SAFE } from './core/retry.ts';
import type { Task } from './core/task.ts';
import type { World } from './core/world.ts';
import { heedEvent, identify, isGitHub } from './identify.ts';
import type { Orders } from './inputs/index.ts';
import { checkSummary } from './summary-failures.ts';
import { ofAllTokens, tellClaims } from './tell-failures.ts';

interface Checking {
  readonly orders: Orders;
  readonly world: World;
  readonly endpoint: MintEndpoint;
  readonly ports: ExchangePorts;
  readonly keep: Keep;
}

/** One cloud, looked at from outside. */
interface Checked {
  readonly task: Task;
  readonly findings: readonly Finding[];
  readonly documents: Documents;
}

/** Questions are asked twice at most: an answer that does not come is a finding too. */
const POLICY = { ...SAFE, attempts: 2 };

/** Mints, asks, tells. Rejects only where no token could be minted or it speaks of another job. */
export async function check({ orders, world, endpoint, ports, keep }: Checking): Promise<void> {
  const { runner, clock } = world;
  const { tasks, common } = orders;
  const { claims } = await identify(tasks, endpoint, ports, keep);
  const event = foreseenRefusal(orders, claims, world);
  const send = ports.patient(POLICY);
  const [issuer, clouds] = await Promise.all([
    probeIssuer(claims, send, (url) => isGitHub(url, runner)),
    Promise.all(
      tasks.map(async (task): Promise<Checked> => {
        const [findings, documents] = await Promise.all([task.probe(send), task.documents(claims)]);
        return { task, findings, documents };
      }),
    ),
  ]);
  const presented = ofAllTokens(claims, orders);
  tellClaims(presented, runner);
  runner.group('GitHub', [findingLine(issuer)]);
  for (const { task, findings, documents } of clouds) {
    runner.group(`${task.title}: what it tells without a credential`, findings.map(findingLine));
    runner.group(`${task.title}: the trust that accepts this job`, logLines(documents));
  }
  const missing = [issuer, ...clouds.flatMap((cloud) => cloud.findings)].filter(({ answer }) => answer === 'no');
  runner.notice(
    `check-only: nothing was exchanged. ${missing.length === 0 ? 'Nothing speaks against an exchange, as far as can be known from outside' : `An exchange would fail: ${missing.map(({ named }) => named).join('; ')}`}.`,
  );
  runner.writeOutputs(
    new Map([
      ['federated', 'false'],
      [
        'report',
        checkReport(
          issuer,
          clouds.map(({ task, ...rest }) => ({ cloud: task.cloud, ...rest })),
          clock.now(),
        ),
      ],
    ]),
  );
  if (common.summary.value !== 'true') return;
  const plan = tasks.map((task) => task.plan.summary);
  const told = clouds.map(({ task, ...rest }) => ({ title: task.title, ...rest }));
  runner.summarize(checkSummary(issuer, told, plan, presented, event));
}

/** What `on-untrusted-event: fail` would end the step with: here a warning, since nothing is at stake. */
function foreseenRefusal(orders: Orders, claims: Claims, world: World): string | undefined {
  try {
    heedEvent(orders.common.onUntrustedEvent.value, claims, world);
    return undefined;
  } catch (thrown) {
    const { id, message } = asFailure(thrown);
    const line = `[${id}] ${message}. Without check-only the step would fail here.`;
    world.runner.warn(line);
    return line;
  }
}

/**
 * Whether the issuer's keys can be found, from this runner. An issuer is asked only where it is GitHub's, by its name: whoever planted an
 * endpoint must not choose what is asked.
 */
async function probeIssuer(
  claims: Claims,
  send: ExchangePorts['send'],
  isTrusted: (url: URL) => boolean,
): Promise<Finding> {
  const iss = claim(claims, 'iss') ?? '';
  const named = { what: 'issuer', named: `the issuer ${iss}` };
  if (!URL.canParse(iss) || !iss.startsWith('https://') || !isTrusted(new URL(iss)))
    return { ...named, answer: 'unknown', why: 'its name is none of GitHub, so it was not asked' };
  return asked(send, { method: 'GET', url: `${iss}/.well-known/openid-configuration` }, named, (answer) => {
    const says = text(jsonBody(answer.body), 'issuer');
    if (answer.status !== 200 || says === undefined)
      return {
        answer: 'no',
        why: `its configuration cannot be read (${answer.status}); an authority could not find its keys`,
      };
    if (says !== iss) return { answer: 'no', why: 'its configuration names another issuer than the token' };
    return {
      answer: 'yes',
      why: 'its configuration is published; whether an authority reaches it too, only that one knows',
    };
  });
}
