// Words for ids whose message is made from what was given or answered, so that the code alone says too little of them.
import { CAUSES } from '../../src/core/reach.ts';
import type { Entry } from './entry.ts';

const READ = 'Read their words in the log, below the annotation: they are all that is known.';

const network: Entry[] = CAUSES.map(([, cause, fix]) => ({
  id: 'identity/unreachable',
  cause: `${cause.charAt(0).toUpperCase()}${cause.slice(1)}.`,
  fixes: [fix.replaceAll('$', 'HOST')],
}));
const like = (id: string): Entry => ({
  id,
  cause: 'No answer came, for one of the causes that `[identity/unreachable]` lists.',
  fixes: ['Look at the code in brackets behind the message, and do what stands there for it.'],
});

export const OWN_WORDS: readonly Entry[] = [
  ...network,
  ...['aws/unreachable', 'azure/unreachable', 'gcp/unreachable', 'vault/unreachable'].map(like),
  {
    id: 'keeper/no-value',
    cause: 'The keeper was asked for a credential, but the one that it had has ended and no new one could be had.',
    fixes: [
      'The step that asked shows the failure of the last renewal; GitHub or the cloud did not answer for minutes. Run the job again.',
    ],
  },
  {
    id: 'keeper/unanswered',
    cause: 'GitHub or the cloud did not answer a renewal within a minute, tries included.',
    fixes: [
      'Nothing, where it passes: the keeper tries again within two minutes.',
      'Look at https://www.githubstatus.com and the page of the cloud if it repeats.',
    ],
  },
  {
    id: 'keeper/busy',
    cause: 'More requests came to the keeper at a time than it answers.',
    fixes: ['Let clients keep what they are given instead of asking for each use; the SDKs do.'],
  },
  {
    id: 'keeper/refused',
    cause:
      'Somebody asked the keeper without its secret, under another host name, or in another form than the SDKs do.',
    fixes: [
      'Use the exported variables as they are. If no step of yours asked, find out which one did: only processes of this machine can.',
    ],
  },
  {
    id: 'keeper/not-started',
    cause:
      'The runner did not start the background process of the step: no right to start one, or a limit on their number.',
    fixes: [
      'Look for what limits processes there; a container may have a limit of its own.',
      'Set keep-fresh to auto or never to go on without.',
    ],
  },
  {
    id: 'keeper/died',
    cause:
      'The background process of the step ended before its time: killed by a step, by the machine, or for want of memory.',
    fixes: [
      'Look for a step that ends processes (pkill, a clean-up), and at the memory of the runner.',
      'Set keep-fresh to never where later steps do not need more than the first credentials.',
    ],
  },
  {
    id: 'keeper/not-renewed',
    cause:
      'At the end of the job a credential could not be renewed, so that the last steps may have met one that had ended.',
    fixes: ['The id behind it says why: look it up here.'],
  },
  {
    id: 'aws/refused',
    cause: 'STS refused for a reason that the action does not know.',
    fixes: [
      READ,
      'Look the code up in the API reference of AssumeRoleWithWebIdentity; AWS support takes the request id.',
    ],
  },
  {
    id: 'azure/refused',
    cause: 'Entra refused for a reason that the action does not know.',
    fixes: [READ, 'Look up the number behind AADSTS at https://login.microsoftonline.com/error.'],
  },
  {
    id: 'gcp/refused',
    cause: "Google's STS refused for a reason that the action does not know.",
    fixes: [READ, 'Look for the request under sts.googleapis.com in Cloud Logging.'],
  },
  {
    id: 'gcp/impersonation-refused',
    cause: 'IAM refused a token of the service account for a reason that the action does not know.',
    fixes: [READ, 'Look for the request under iamcredentials.googleapis.com in Cloud Logging.'],
  },
  {
    id: 'vault/login-refused',
    cause: 'Vault refused the login for a reason that the action does not know.',
    fixes: [READ, "Look for the request in the server's audit log."],
  },
  {
    id: 'vault/read-failed',
    cause: 'Vault did not give a secret, for a reason that the action does not know.',
    fixes: [READ, "Look for the request in the server's audit log."],
  },
  {
    id: 'vault/key-missing',
    cause: 'The secret was read, but it has no such key.',
    fixes: [
      'Write the selector as one of the keys that the message names: upper and lower case count, and a key with a dot in it needs quotes.',
    ],
  },
  {
    id: 'vault/lease-not-revoked',
    cause: 'Post could not revoke the lease of a credential.',
    fixes: [
      'Give the policy of the role `path "sys/leases/revoke" { capabilities = ["update"] }`.',
      'Revoke it by hand, or wait: it ends at the time that the message names.',
    ],
  },
  {
    id: 'vault/token-not-revoked',
    cause: 'Post could not revoke the token.',
    fixes: [
      'Where the role has token_no_default_policy, give its policy `path "auth/token/revoke-self" { capabilities = ["update"] }`.',
      'Otherwise look whether the server could be reached: the token ends at the time that the message names.',
    ],
  },
  {
    id: 'vault/state-damaged',
    cause: 'What main had saved for post is not whole, so Vault could not be asked to revoke anything.',
    fixes: ['Look for a step that plants STATE_ variables; what was obtained ends in its own time.'],
  },
  {
    id: 'inputs/invalid',
    cause: 'An input has a value that it does not take.',
    fixes: ['Change the input that the message names: it says what was given, and what the input takes.'],
  },
  {
    id: 'inputs/missing',
    cause: 'An input is missing that another one asks for.',
    fixes: ['Set the input that the message names, or remove the one that asks for it.'],
  },
  {
    id: 'inputs/no-cloud',
    cause: 'No cloud was asked for.',
    fixes: [
      'Set one of aws-role-arn, azure-client-id, gcp-workload-identity-provider and vault-url.',
      'If they come from variables or secrets, look whether these are there: in a fork, and in a called workflow without `secrets: inherit`, they are empty.',
    ],
  },
  {
    id: 'inputs/not-asked',
    cause: 'An input of a cloud was given that was not asked for.',
    fixes: ['Set the input that asks for the cloud, or remove the one that the message names.'],
  },
  {
    id: 'inputs/unknown',
    cause: 'There is no such input.',
    fixes: ['Write it as the message suggests, or remove it.'],
  },
  {
    id: 'files/not-ours',
    cause: 'A folder or a name is not what this step had made, and was left alone.',
    fixes: ['Look for another process that works under RUNNER_TEMP; remove the folder by hand.'],
  },
  {
    id: 'network/plain-http',
    cause: 'A URL would have been asked without TLS.',
    fixes: ['Write it with https. Only a literal loopback address may be asked by http.'],
  },
  {
    id: 'run/abandoned',
    cause: 'The exchange was given up because another one of the step had failed. It is only seen beside that.',
    fixes: ['Mend the other one.'],
  },
  {
    id: 'run/cancelled',
    cause: 'The job was cancelled before the credentials were complete.',
    fixes: ['Nothing is to be done: nothing was exported, and the post step ends what was obtained.'],
  },
  {
    id: 'end/disk',
    cause: 'The disk refused to remove or to write something in the post step.',
    fixes: [
      'Look at the code in brackets (ENOSPC: full; EACCES, EROFS: not writable), and remove the folder under RUNNER_TEMP by hand on a self-hosted runner.',
    ],
  },
  {
    id: 'end/not-revoked',
    cause: 'Something that should have ended did not, and lives until the time that is named.',
    fixes: ['Read the id behind it: it says why. Set on-revoke-failure to fail if this is to fail the job.'],
  },
  {
    id: 'identity/untrusted-event',
    cause: 'The job runs for an event that strangers can cause, with the trust of the repository.',
    fixes: [
      'Federate in a workflow that strangers cannot start.',
      'Or set on-untrusted-event to warn or allow, if the job runs nothing that they wrote.',
    ],
  },
  {
    id: 'azure/cli-hung',
    cause: 'The Azure CLI did not end in time, and was killed.',
    fixes: [
      'Look whether the runner reaches Entra and the resource manager, and at the proxy variables.',
      'Raise timeout if the machine is known to be slow: its first start can take more than a minute.',
    ],
  },
  {
    id: 'azure/cli-failed',
    cause: 'The Azure CLI could not be started, or its login failed for a reason that is not a refusal of Entra.',
    fixes: [
      'Read its last words in the log, and try `az version` in a step of its own.',
      'Update the Azure CLI where it does not know the arguments.',
    ],
  },
  {
    id: 'azure/cli-bad-answer',
    cause: 'The Azure CLI ended well, but what it printed shows no login of this identity.',
    fixes: ['Look for a wrapper that is named az and stands on the PATH before the real one.'],
  },
  {
    id: 'gcp/delegation-refused',
    cause: 'Google refused a token of the user of gcp-subject for a reason that the action does not know.',
    fixes: [READ, 'Look at the domain-wide delegation of the service account in the Workspace admin console.'],
  },
  {
    id: 'vault/certificate-not-revoked',
    cause: 'Post could not revoke a certificate of the PKI engine.',
    fixes: [
      'Read the words behind it: they name what the policy of the role lacks. Otherwise the certificate ends at the time that is named.',
    ],
  },
];
