// The story of the command line: flags → the claims that such a job will have → the same documents that a refused step shows.
import type { Checked } from './core/checked.ts';
import type { Claims } from './core/claims.ts';
import { allLines, type Documents } from './core/documents.ts';
import { type Cloud, readTable } from './core/input.ts';
import type { AnyProvider, Task } from './core/task.ts';
import { PROVIDERS } from './providers/index.ts';
import { JOB_FLAGS, readFlags, type Wanted, wanted } from './wanted.ts';

/** What the story needs of a terminal. */
export interface Words {
  readonly words: readonly string[];
  print(line: string): void;
  complain(line: string): void;
}

/** What a cloud's inputs need besides those that a trust is made from. Given ones win. */
const FILLED: Readonly<Record<Cloud, (inputs: ReadonlyMap<string, string>) => Readonly<Record<string, string>>>> = {
  aws: (inputs) => ({ 'aws-region': regionOf(inputs.get('aws-role-arn')) }),
  azure: () => ({ 'azure-client-id': TO_BE_MADE, 'azure-tenant-id': TO_BE_MADE }),
  gcp: () => ({}),
  vault: (inputs) => (inputs.has('vault-secrets') ? {} : { 'vault-export-token': 'true' }),
};

/** Nobody's id: the application that has it is still to be made (`azure/trust.ts` knows it too). */
const TO_BE_MADE = '00000000-0000-0000-0000-000000000000';

/** One of each partition: a trust does not depend on the region. */
const REGIONS: Readonly<Record<string, string>> = {
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
};

function regionOf(roleArn: string | undefined): string {
  return REGIONS[roleArn?.split(':')[1] ?? ''] ?? 'us-east-1';
}

/** Prints the documents, or says everything that is wrong with the flags. */
export async function writeTrust({ words, print, complain }: Words): Promise<void> {
  if (words.length === 0 || words.includes('--help')) return usage().forEach(print);
  const documents = await documentsFor(words);
  if (documents.ok) return allLines(documents.value).forEach(print);
  for (const { message } of documents.problems) complain(message);
  complain('--help shows all flags.');
}

/** The texts for these flags. */
export async function documentsFor(words: readonly string[]): Promise<Checked<Documents>> {
  const flags = readFlags(words);
  if (!flags.ok) return flags;
  const order = wanted(flags.value, (cloud) => inputNames(providerOf(cloud)));
  if (!order.ok) return order;
  const task = taskOf(order.value);
  if (!task.ok) return task;
  const [audience = ''] = Object.values(task.value.plan.audiences);
  const { claims } = order.value;
  const documents = await task.value.documents({ ...claims, aud: audience });
  return { ok: true, value: { ...documents, notes: [...documents.notes, ...withoutIds(claims)] } };
}

/** Which form a repository sends cannot be seen from its name. */
function withoutIds(claims: Claims): string[] {
  if (claims.repository_id !== undefined) return [];
  return [
    "Repositories created, renamed or transferred since 2026-07-15 send another subject, which holds ids: give --owner-id and --repository-id (gh api repos/OWNER/REPO --jq '.owner.id, .id'). With check-only the step shows what it sends.",
  ];
}

function taskOf({ cloud, inputs }: Wanted): Checked<Task> {
  const provider = providerOf(cloud);
  const filled = FILLED[cloud](inputs);
  const asks = provider.inputs[provider.askedBy]?.name ?? '';
  const source = (name: string) => inputs.get(name) ?? filled[name];
  const terms = {
    lifetime: 3600,
    lifetimeGiven: false,
    revoke: true,
    outputs: new Set<Cloud>(),
    keepFresh: 'never' as const,
  };
  // Its problems name the inputs of the action: the flags are the same without the cloud in front.
  const read = source(asks) ? provider.read(source, terms, (_, given) => given) : readTable(provider.inputs, source);
  if (!read.ok) return { ok: false, problems: read.problems.map((p) => ({ ...p, message: asFlag(p.message, cloud) })) };
  if (read.value && 'documents' in read.value) return { ok: true, value: read.value as Task };
  const takes = provider.inputs[asks]?.kind.takes ?? provider.inputs[provider.askedBy]?.kind.takes;
  return {
    ok: false,
    problems: [{ id: 'trust/flags', message: `${asFlag(asks, cloud)}: is required. It takes ${takes}.` }],
  };
}

function asFlag(message: string, cloud: Cloud): string {
  return message.replaceAll(new RegExp(`\\b${cloud}-(?=[a-z])`, 'g'), '--');
}

function providerOf(cloud: Cloud): AnyProvider {
  return PROVIDERS.find((provider) => provider.cloud === cloud) as AnyProvider;
}

function inputNames(provider: AnyProvider): string[] {
  return Object.values(provider.inputs).map((field) => field.name);
}

function usage(): string[] {
  return [
    'Writes the trust that lets one job of GitHub Actions into a cloud. Asks nobody and changes nothing: it prints what to paste.',
    '',
    'npm run trust -- --cloud aws --repository octo-org/octo-repo --environment production --role-arn arn:aws:iam::123456789012:role/deploy',
    '',
    ...Object.entries(JOB_FLAGS).map(([name, takes]) => `  --${name.padEnd(18)} ${takes}`),
    '',
    'And the inputs of the cloud, without its name in front:',
    ...PROVIDERS.map(({ cloud, inputs, askedBy }) => {
      const asks = inputs[askedBy];
      return `  ${cloud.padEnd(7)} --${asks?.name.slice(cloud.length + 1)}: ${asks?.kind.takes}`;
    }),
  ];
}
