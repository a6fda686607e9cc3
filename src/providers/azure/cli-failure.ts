// What becomes of an Azure CLI that did not do as it was told. Entra's refusals are recognised in its words, so that they get the same advice
// as those of our own exchange.
import { Failure } from '../../core/failure.ts';
import type { Ran } from '../../core/ports.ts';
import type { AzureRequest } from './request.ts';

/** `no-login`: it ended well, and printed no account of ours. */
type Ending = Omit<Ran, 'how'> & { readonly how: Ran['how'] | 'no-login' };

/** Its own last words: the line behind `ERROR:`, else the last line of a traceback. */
function lastWords({ errors, output }: Ending): string {
  const lines = errors
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !/existing issues, please visit/.test(line));
  const error = lines.find((line) => line.startsWith('ERROR: ') && !/Here is the traceback/.test(line));
  const last = error?.slice('ERROR: '.length) ?? lines.at(-1) ?? output.trim().split(/\r?\n/).at(-1) ?? '';
  return last.split(' Trace ID:')[0] ?? '';
}

/** `command`: what az was to do. `azure/refused` where Entra refused, else `azure/cli-...`. */
export function cliFailure(command: string, ran: Ending, request: AzureRequest): Failure {
  const said = lastWords(ran);
  const host = new URL(request.authority).host;
  const code = /AADSTS\d{4,8}/.exec(said)?.[0];
  if (ran.how === 'exited' && code) {
    const requestId = /Trace ID: ([0-9a-f-]{36})/.exec(ran.errors)?.[1];
    const evidence = { host, code, said, ...(requestId && { requestId }) };
    return new Failure('azure/refused', `Entra refused the token of the Azure CLI: ${code}`, evidence);
  }
  const { id, message, fixes } = told(command, ran);
  return new Failure(id, message, { said, ...(ran.code && { code: ran.code }) }, fixes);
}

function told(command: string, ran: Ending): { id: string; message: string; fixes: string[] } {
  const tryIt = 'Run `az version` in a step of its own, to see whether this installation works at all.';
  const network =
    'Check that az may reach Entra and the resource manager: it reads HTTPS_PROXY, and REQUESTS_CA_BUNDLE for certificates.';
  switch (ran.how) {
    case 'timeout':
    case 'stopped':
      return {
        id: 'azure/cli-hung',
        message: `The Azure CLI did not end in time: az ${command} was killed`,
        fixes: [
          network,
          'Raise timeout if the machine is known to be slow: its first start can take more than a minute.',
        ],
      };
    case 'not-started':
      return { id: 'azure/cli-failed', message: `The Azure CLI cannot be started (${ran.code})`, fixes: [tryIt] };
    case 'no-login':
    case 'too-large':
      return {
        id: 'azure/cli-bad-answer',
        message: `az ${command} ended well, but what it printed shows no login of this identity`,
        fixes: [tryIt, 'Look for a wrapper that is named az and stands on the PATH before the real one.'],
      };
    default:
      return {
        id: 'azure/cli-failed',
        message: `az ${command} failed (exit status ${ran.status})`,
        fixes: /unrecognized arguments/.test(ran.errors)
          ? ['Update the Azure CLI: this one does not know all of the arguments above.']
          : [network, tryIt],
      };
  }
}

/** Entra or the network had a failure of the moment: az itself gives up at the first (measured: 503 at the token endpoint). */
export function passesByItself({ id, evidence }: Failure): boolean {
  return (
    id === 'azure/cli-failed' &&
    /HTTP Error: (408|429|5\d\d)|Connection (aborted|reset)|ConnectionError|Read timed out|RemoteDisconnected/.test(
      evidence.said ?? '',
    )
  );
}
