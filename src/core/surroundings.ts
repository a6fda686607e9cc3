// What the place where a job runs adds to advice about the network: the same fault has other causes in a container than on a machine.
import type { Failure } from './failure.ts';

type Env = (name: string) => string | undefined;

/** The runner maps its work folder there in a job with `container:` (facts: github 3.8). */
const IN_CONTAINER = '/__w/';
const OF_CERTIFICATES = /^(CERT|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO)/;

/** The failure with what is special about this place, if it is one of the network and there is anything. */
export function placed(failure: Failure, env: Env): Failure {
  if (!failure.id.endsWith('/unreachable') || !env('GITHUB_WORKSPACE')?.startsWith(IN_CONTAINER)) return failure;
  const about = OF_CERTIFICATES.test(failure.evidence.code ?? '')
    ? "Mind that the job runs in a container, which has none of the host's certificates: give the authority as a text in ca-certificate, not as a path of the host."
    : 'Mind that the job runs in a container: look from within it. Its DNS and network are its own, and proxy variables may have to stand under `container:`, `env:`.';
  return failure.advised(failure.message, [...failure.fixes, about]);
}
