// The Azure CLI, logged in for later steps: in a configuration folder of the step's own, beside everything else (facts: azure 6.3, real-parts 3).
// Loaded only where `azure-consumers` asks for it.

import { expiresAt } from '../../core/claims.ts';
import { Failure } from '../../core/failure.ts';
import type { Credential, Keep } from '../../core/grant.ts';
import { expiring } from '../../core/ledger.ts';
import type { Program, Ran } from '../../core/ports.ts';
import type { ExchangePorts, Identities, Identity } from '../../core/provider.ts';
import { cliFailure, passesByItself } from './cli-failure.ts';
import { type Account, accounts, cachedTokens, LOGIN_FILE, settingsFile, withAssertion } from './cli-files.ts';
import { findAz } from './cli-program.ts';
import { LAG_MS, LAGGING, STALE } from './refusal.ts';
import { type AzureRequest, CLI_USE } from './request.ts';

/** Its first start on a cold machine takes up to a minute and a half (facts: azure 4.4). */
const LONGEST_MS = 90_000;

/** What later steps get: the folder, and when what is in it stops working for what az has not asked for yet. */
export interface CliLogin {
  readonly folder: string;
  /** The file of the step's folder that holds its login, where that can be kept fresh. */
  readonly loginFile: string | undefined;
  /** Where the login is in the subscription's words. */
  readonly place: string;
  readonly expiresAt: number | undefined;
  readonly credentials: readonly Credential[];
}

/**
 * Logs az in. One more try, with a fresh token and an empty folder (az remembers refusals), where the first one met what passes by itself.
 * Aborting `stop` kills it. Rejects with `azure/refused` for Entra's refusals, with `azure/cli-...` for its own.
 */
export async function loginCli(
  request: AzureRequest,
  identities: Identities,
  ports: ExchangePorts,
  keep: Keep,
  stop: AbortSignal,
): Promise<CliLogin> {
  const session = { request, ports, keep, az: await findAz(ports.processes), stop };
  const identity = identities.get(CLI_USE);
  const first = await attempt(identity, 'azure-cli', session);
  if (!(first instanceof Failure)) return first;
  const lags = LAGGING.some((code) => first.evidence.code === `AADSTS${code}`);
  const again = lags || first.evidence.code === `AADSTS${STALE}` || passesByItself(first);
  if (!again || stop.aborted || ports.budget.stopping.aborted) throw first;
  await ports.clock.sleep(LAG_MS, ports.budget.stopping);
  if (ports.budget.stopping.aborted) throw first;
  const second = await attempt(await identities.renew(CLI_USE), 'azure-cli-again', session);
  if (second instanceof Failure) throw second;
  return second;
}

interface Session {
  readonly request: AzureRequest;
  readonly ports: ExchangePorts;
  readonly keep: Keep;
  readonly az: Program;
  readonly stop: AbortSignal;
}

/** One login in one folder; the failure where it did not succeed. Rejects when the step is given up meanwhile. */
async function attempt(identity: Identity, name: string, session: Session): Promise<CliLogin | Failure> {
  const { request, ports } = session;
  // The JWT as a file: never an argument, which every user of the machine can read.
  const token = ports.folder.write(`${name}-identity-token`, identity.token.reveal());
  const folder = ports.folder.makeInner(name);
  ports.folder.write('config', settingsFile(request.cloud), folder);
  const who = ['--service-principal', '--username', request.clientId, '--tenant', request.tenantId];
  const login = ['login', ...who, '--federated-token', `@${token}`, '--allow-no-subscriptions', '--output', 'json'];
  const ran = await runAz(login, folder, session);
  if (ran.how !== 'exited' || ran.status !== 0) return cliFailure('login', ran, request);
  const found = accounts(ran.output, request);
  if (found.length === 0) return cliFailure('login', { ...ran, how: 'no-login' }, request);
  const account = await chosen(found, folder, session);
  return account instanceof Failure ? account : loggedIn({ name, folder }, identity, account, session);
}

async function runAz(args: readonly string[], folder: string, session: Session): Promise<Ran> {
  const { ports, keep, stop } = session;
  const { budget } = ports;
  budget.check();
  let pid = 0;
  const ran = await ports.processes.run(session.az, args, {
    // CP1 would lengthen its tokens to a day (facts: azure 1.1).
    env: { AZURE_CONFIG_DIR: folder, AZURE_IDENTITY_DISABLE_CP1: 'true', AZURE_CORE_NO_COLOR: 'true' },
    cwd: folder,
    timeoutMs: Math.min(LONGEST_MS, budget.remaining()),
    signal: AbortSignal.any([budget.stopping, budget.cut, stop]),
    // A main that is killed cannot end it: post does, before it removes the folder.
    onStart(started) {
      pid = started;
      keep.owe({ by: 'step', kind: 'program', data: { pid } });
    },
  });
  if (pid > 0) keep.owe({ by: 'step', kind: 'program-ended', data: { pid } });
  if (budget.stopping.aborted) budget.check();
  if (stop.aborted) throw new Failure('run/abandoned', 'Given up, since another exchange of the step failed');
  return ran;
}

/** The account that later steps work in. az takes the first; another is set by a second start of it, which asks nobody. */
async function chosen(found: readonly Account[], folder: string, session: Session): Promise<Account | Failure> {
  const { request } = session;
  const wanted = request.subscriptionId?.toLowerCase();
  const account = found.find((a) => (wanted ? a.id.toLowerCase() === wanted : a.isDefault)) ?? found[0];
  if (wanted && account?.id.toLowerCase() !== wanted) return unseen(request);
  if (!account || account.isDefault) return account ?? unseen(request);
  const ran = await runAz(['account', 'set', '--subscription', account.id], folder, session);
  return ran.how === 'exited' && ran.status === 0 ? account : cliFailure('account set', ran, request);
}

function unseen(request: AzureRequest): Failure {
  return new Failure(
    'azure/cli-subscription',
    `The Azure CLI is logged in as ${request.clientId}, but sees no subscription ${request.subscriptionId}`,
    {},
    [
      'Give the identity a role on the subscription or on something in it: `az role assignment create --assignee CLIENT_ID --role Reader --scope /subscriptions/SUBSCRIPTION_ID`. A new assignment takes some minutes.',
      'Check azure-subscription-id, and that the subscription belongs to the tenant in azure-tenant-id.',
    ],
  );
}

/** az has a token of its own by now: masked, and told of as one of ours. */
function loggedIn(
  { name, folder }: { readonly name: string; readonly folder: string },
  identity: Identity,
  account: Account,
  { request, ports, keep }: Session,
): CliLogin {
  const tokens = cachedTokens(ports.folder.read(folder, 'msal_token_cache.json'));
  for (const token of tokens) keep.secret(token.value, 'Azure access token of the Azure CLI');
  const ends = tokens.flatMap((token) => token.expiresAt ?? []);
  keep.owe(expiring(`Azure CLI login (${request.clientId})`, ends.length > 0 ? Math.max(...ends) : undefined));
  const kept = withAssertion(ports.folder.read(folder, LOGIN_FILE), request.clientId, '') !== undefined;
  return {
    folder,
    loginFile: kept ? `${name}/${LOGIN_FILE}` : undefined,
    place: placeOf(account, request),
    // What az has not asked for yet, it gets only while the identity token lives; the resource manager's token it has.
    expiresAt: expiresAt(identity.claims),
    credentials: [
      {
        cloud: 'azure',
        kind: 'Azure CLI login',
        holder: request.clientId,
        ending: 'expires',
        ...(ends.length > 0 && { expiresAt: Math.max(...ends) }),
      },
    ],
  };
}

/** An id that the user did not write is not shown: `mask-identifiers` knows only those. */
function placeOf(account: Account, request: AzureRequest): string {
  if (account.isTenant) return 'without a subscription';
  return request.subscriptionId
    ? `in subscription ${request.subscriptionId}`
    : 'in the first subscription that it sees';
}
