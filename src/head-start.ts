// The time of a step hangs on its connection to GitHub's OIDC endpoint. It begins before the step's own code is loaded and its inputs are read, which then
// cost no time of their own. Nothing is asked over it until everything is checked: no token leaves, and what is refused closes it again.
import { turn } from './core/parallel.ts';
import type { Connections, NetworkSettings } from './core/ports.ts';
import { followsProxies, proxySettings } from './core/proxy.ts';
import type { World } from './core/world.ts';

/** How many identity tokens a cloud is likely to need, by the input that asks for it. A wrong guess costs a connection, or the wait for one. */
export const LIKELY_TOKENS: Readonly<Record<string, number>> = {
  'aws-role-arn': 1,
  'azure-client-id': 2,
  'gcp-workload-identity-provider': 1,
  'vault-url': 1,
};

export type ConnectAhead = (settings: NetworkSettings, url: string, count: number) => Connections;

/**
 * Begins to connect, by the environment alone. Undefined where that may be wrong, because an input decides about certificates, or where main will
 * refuse it anyway. Never rejects.
 */
export async function headStart(
  { runner, nodeVersion }: Pick<World, 'runner' | 'nodeVersion'>,
  connect: ConnectAhead,
): Promise<Connections | undefined> {
  const url = runner.env('ACTIONS_ID_TOKEN_REQUEST_URL');
  const count = Object.entries(LIKELY_TOKENS).reduce(
    (sum, [name, tokens]) => sum + (runner.input(name) ? tokens : 0),
    0,
  );
  if (!url || !URL.canParse(url) || count === 0) return undefined;
  if (!runner.env('ACTIONS_ID_TOKEN_REQUEST_TOKEN') || runner.input('ca-certificate')) return undefined;
  try {
    const settings = proxySettings(runner.env);
    if (settings.proxy && !followsProxies(nodeVersion)) return undefined;
    const connections = connect(settings, url, count);
    // What a connection has to say first, it says before the loading of code holds up everything.
    await turn();
    await turn();
    return connections;
  } catch {
    return undefined; // main reads the same settings again, and says what is wrong with them
  }
}
