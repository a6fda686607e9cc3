// The second phase, and the one place that writes files, variables and outputs: only when every exchange has answered.
import { Failure } from './failure.ts';
import type { Grant, PlannedFile, Variable } from './grant.ts';
import type { Cloud } from './input.ts';
import type { OpenLedger } from './keep.ts';
import type { Files, Random, Runner } from './ports.ts';
import { Secret } from './secret.ts';
import { iso } from './time.ts';
import { mayHoldSecret, SHADOWS, VARIABLES } from './variables.ts';

export interface Delivery {
  readonly exportEnv: ReadonlySet<Cloud>;
  readonly outputCredentials: ReadonlySet<Cloud>;
}

interface Ports {
  readonly runner: Runner;
  readonly files: Files;
  readonly random: Random;
  readonly ledger: OpenLedger;
}

/** Throws before anything is written when two grants want the same name. `report` becomes an output with the rest. */
export function deliver(grants: readonly Grant[], delivery: Delivery, report: string, ports: Ports): void {
  const variables = wanted(grants, delivery, ports.runner);
  const outputs = outputsOf(grants, delivery, report);
  const files = writeFiles(grants, ports);
  for (const { file, path, cloud } of files) {
    if (delivery.exportEnv.has(cloud)) for (const name of file.variables) variables.set(name, path);
    for (const name of file.outputs) outputs.set(name, path);
  }
  for (const [name, value] of variables) oweVariable(name, value, ports);
  warnOfShadows(grants, delivery, ports.runner);
  ports.runner.writeEnvironment(variables);
  ports.runner.writeOutputs(outputs);
}

function revealed(value: Secret | string): string {
  return value instanceof Secret ? value.reveal() : value;
}

function wanted(grants: readonly Grant[], delivery: Delivery, runner: Runner): Map<string, string> {
  const found = new Map<string, string>();
  const owners = new Map<string, Cloud>();
  for (const grant of grants.filter((g) => delivery.exportEnv.has(g.cloud))) {
    const names = [
      ...grant.variables,
      ...grant.files.flatMap((f) => f.variables).map((name): Variable => ({ name, value: '' })),
    ];
    for (const variable of names) {
      if (variable.ifAbsent && runner.env(variable.name) !== undefined) {
        runner.warn(
          `${variable.name} is set already and its name came from a wildcard: left as it was. Give it a name of its own to export it.`,
        );
        continue;
      }
      claimName(variable.name, grant.cloud, owners, 'variable');
      found.set(variable.name, revealed(variable.value));
    }
  }
  for (const file of grants.flatMap((g) => g.files)) for (const name of file.variables) found.delete(name);
  return found;
}

function outputsOf(grants: readonly Grant[], delivery: Delivery, report: string): Map<string, string> {
  const ends = grants.flatMap((g) => g.expiresAt ?? []);
  const found = new Map([
    ['federated', 'true'],
    ['report', report],
  ]);
  if (ends.length > 0) found.set('expires-at', iso(Math.min(...ends)));
  const owners = new Map<string, Cloud>();
  for (const name of found.keys()) owners.set(name, 'aws');
  for (const grant of grants) {
    const secret = delivery.outputCredentials.has(grant.cloud) ? grant.secretOutputs : [];
    const end =
      grant.expiresAt === undefined ? [] : [{ name: `${grant.cloud}-expires-at`, value: iso(grant.expiresAt) }];
    for (const output of [...grant.outputs, ...end, ...secret]) {
      claimName(output.name, grant.cloud, owners, 'output');
      found.set(output.name, revealed(output.value));
    }
  }
  return found;
}

/** Two sources for one name are an error before anything is exported (INVARIANTS 10). */
function claimName(name: string, cloud: Cloud, owners: Map<string, Cloud>, what: string): void {
  if (owners.has(name)) {
    throw new Failure('inputs/name-twice', `The ${what} ${name} would be set twice; nothing was exported`, {}, [
      'Give one of the two another name behind | in vault-secrets.',
    ]);
  }
  owners.set(name, cloud);
}

/** The folder is owed before it is made: its name is ours, so that a kill in between leaves nothing unknown. */
function writeFiles(grants: readonly Grant[], ports: Ports): { file: PlannedFile; path: string; cloud: Cloud }[] {
  const planned = grants.flatMap((grant) => grant.files.map((file) => ({ file, cloud: grant.cloud })));
  if (planned.length === 0) return [];
  const name = `workload-identity-${ports.random.hex(16)}`;
  ports.ledger.owe({ by: 'step', kind: 'folder', data: { name } });
  const folder = ports.files.createFolder(name);
  return planned.map(({ file, cloud }) => ({
    file,
    cloud,
    path: ports.files.createFile(folder, file.name, revealed(file.content(folder))),
  }));
}

/** What post needs to put a variable back: what it was, and how to see that it still is ours. */
function oweVariable(name: string, value: string, ports: Ports): void {
  const before = ports.runner.env(name);
  if (before !== undefined && mayHoldSecret(name)) ports.ledger.secret(before, `the earlier ${name}`);
  const clear = (VARIABLES[name] ?? 'clear') === 'clear';
  const fingerprint = ports.random.fingerprint(ports.ledger.key, value);
  ports.ledger.owe({
    by: 'step',
    kind: 'variable',
    data: { name, fingerprint, clear, ...(before !== undefined && { before }) },
  });
}

function warnOfShadows(grants: readonly Grant[], delivery: Delivery, runner: Runner): void {
  for (const grant of grants.filter((g) => delivery.exportEnv.has(g.cloud))) {
    const set = SHADOWS[grant.cloud].filter((name) => runner.env(name) !== undefined);
    if (set.length > 0)
      runner.warn(
        `Set already, and may win over what this step exports for ${grant.cloud}: ${set.join(', ')}. Unset ${set.length === 1 ? 'it' : 'them'} in the steps that use the new credentials.`,
      );
  }
}
