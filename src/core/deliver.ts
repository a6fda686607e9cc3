// The second phase, and the one place that writes files, variables and outputs: only when every exchange has answered.
import { Failure } from './failure.ts';
import type { Grant, Original, PlannedFile, Shadow, Variable } from './grant.ts';
import type { Cloud } from './input.ts';
import type { OpenLedger } from './keep.ts';
import type { Files, Random, Runner } from './ports.ts';
import { Secret } from './secret.ts';
import type { StepFolder } from './step-folder.ts';
import { iso } from './time.ts';
import { mayHoldSecret, SHADOWS, VARIABLES } from './variables.ts';

export interface Delivery {
  readonly exportEnv: ReadonlySet<Cloud>;
  readonly outputCredentials: ReadonlySet<Cloud>;
}

interface Ports {
  readonly runner: Runner;
  readonly files: Pick<Files, 'original'>;
  readonly folder: StepFolder;
  readonly random: Random;
  readonly ledger: OpenLedger;
}

/** Where a file of the step's folder is, in the eyes of those that it is for. */
type PathOf = (file: Pick<PlannedFile, 'name' | 'forDocker'>) => string;
const nowhere: PathOf = () => '';

/** Throws before anything is written when one name would be set twice. `report` becomes an output with the rest. */
export function deliver(grants: readonly Grant[], delivery: Delivery, report: string, ports: Ports): void {
  const { runner } = ports;
  const exporting = grants.filter((grant) => delivery.exportEnv.has(grant.cloud));
  const variables = exporting.flatMap((grant) => grant.variables).filter((variable) => mayReplace(variable, runner));
  const outputs = outputsOf(grants, delivery, report);
  refuseTwice('variable', [...variables, ...exporting.flatMap((grant) => pathsOf(grant, 'variables', nowhere))]);
  refuseTwice('output', [...outputs, ...grants.flatMap((grant) => pathsOf(grant, 'outputs', nowhere))]);
  refuseUnfit([...variables, ...outputs]);
  const { path, usual } = writeFiles(grants, ports);
  const environment = pairs([...variables, ...exporting.flatMap((grant) => pathsOf(grant, 'variables', path))]);
  for (const [name, value] of environment) oweVariable(name, value, runner.env(name) ?? usual.get(name), ports);
  warnOfShadows(exporting, runner);
  runner.writeEnvironment(environment);
  runner.writeOutputs(pairs([...outputs, ...grants.flatMap((grant) => pathsOf(grant, 'outputs', path))]));
}

function revealed(value: Secret | string): string {
  return value instanceof Secret ? value.reveal() : value;
}

function pairs(values: readonly Variable[]): Map<string, string> {
  return new Map(values.map(({ name, value }) => [name, revealed(value)]));
}

/** The variables or outputs that hold the paths of a grant's files. */
function pathsOf(grant: Grant, kind: 'variables' | 'outputs', path: PathOf): Variable[] {
  return grant.files.flatMap((file) => file[kind].map((name) => ({ name, value: path(file) })));
}

function mayReplace(variable: Variable, runner: Runner): boolean {
  if (variable.ifPresent) return runner.env(variable.name) !== undefined;
  if (!variable.ifAbsent || runner.env(variable.name) === undefined) return true;
  runner.warn(
    `${variable.name} is set already and its name came from a wildcard: left as it was. Give it a name of its own to export it.`,
  );
  return false;
}

function outputsOf(grants: readonly Grant[], delivery: Delivery, report: string): Variable[] {
  const ends = grants.flatMap((grant) => grant.expiresAt ?? []);
  return [
    { name: 'federated', value: 'true' },
    { name: 'report', value: report },
    ...(ends.length > 0 ? [{ name: 'expires-at', value: iso(Math.min(...ends)) }] : []),
    ...grants.flatMap((grant) => [
      ...grant.outputs,
      ...(grant.expiresAt === undefined ? [] : [{ name: `${grant.cloud}-expires-at`, value: iso(grant.expiresAt) }]),
      ...(delivery.outputCredentials.has(grant.cloud) ? grant.secretOutputs : []),
    ]),
  ];
}

/** Two sources for one name are an error before anything is exported (INVARIANTS 10). */
function refuseTwice(what: string, values: readonly Variable[]): void {
  const names = values.map((value) => value.name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice === undefined) return;
  throw new Failure('inputs/name-twice', `The ${what} ${twice} would be set twice; nothing was exported`, {}, [
    'Give one of the two another name behind | in vault-secrets.',
  ]);
}

/** No process can be given a NUL in its environment: the next step would not start. */
function refuseUnfit(values: readonly Variable[]): void {
  const unfit = values.find(({ value }) => revealed(value).includes('\0'));
  if (!unfit) return;
  throw new Failure(
    'inputs/unfit-value',
    `The value of ${unfit.name} holds a NUL, which no variable can; nothing was exported`,
    {},
    ['Store it encoded, and decode it in the step that uses it.'],
  );
}

interface Written {
  readonly path: PathOf;
  /** By variable, where the file is that its readers find without it: what post gives back in place of an absent value. */
  readonly usual: ReadonlyMap<string, string>;
}

/** Writes all files into the step's folder, and says where each is. */
function writeFiles(grants: readonly Grant[], ports: Ports): Written {
  const planned = grants.flatMap((grant) => grant.files);
  if (planned.length === 0) return { path: nowhere, usual: new Map() };
  const originals = new Map(planned.flatMap((file) => (file.copyOf ? [[file, original(file.copyOf, ports)]] : [])));
  const { folder } = ports;
  const path: PathOf = (file) => (file.forDocker ? folder.pathInDocker(file.name) : folder.pathOf(file.name));
  for (const file of planned) {
    const neighbour = (name: string) => path({ ...file, name });
    const content = file.content(neighbour, originals.get(file)?.text ?? '');
    folder.write(file.name, content instanceof Secret ? content.reveal() : content);
  }
  return { path, usual: new Map([...originals].flatMap(([file, { path: place }]) => placeOf(file, place))) };
}

/** A file of the user's, read to be copied: its secrets are masked before that. */
function original({ variable, inHome, heed }: Original, { runner, files, ledger }: Ports) {
  const found = files.original(runner.env(variable), inHome);
  const { secrets, remarks } = heed(found.text);
  for (const secret of secrets) ledger.secret(secret, `a secret in ${inHome}`);
  for (const remark of remarks) runner.say(remark);
  return found;
}

function placeOf(file: PlannedFile, place: string | undefined): [string, string][] {
  return place === undefined ? [] : file.variables.map((name) => [name, place]);
}

/** What post needs to put a variable back: what it was, and how to see that it still is ours. */
function oweVariable(name: string, value: string, before: string | undefined, ports: Ports): void {
  if (before !== undefined && mayHoldSecret(name)) ports.ledger.secret(before, `the earlier ${name}`);
  const clear = (VARIABLES[name] ?? 'clear') === 'clear';
  const fingerprint = ports.random.fingerprint(ports.ledger.key, value);
  ports.ledger.owe({
    by: 'step',
    kind: 'variable',
    data: { name, fingerprint, clear, ...(before !== undefined && { before }) },
  });
}

function warnOfShadows(exporting: readonly Grant[], runner: Runner): void {
  for (const grant of exporting) {
    const set = shadowsOf(grant).filter(({ name, harmless }) => ![undefined, harmless].includes(runner.env(name)));
    if (set.length > 0)
      runner.warn(
        `Set already, and may win over what this step exports for ${grant.cloud}: ${set.map(({ name }) => name).join(', ')}. Unset ${set.length === 1 ? 'it' : 'them'} in the steps that use the new credentials.`,
      );
  }
}

/** Without those that the grant itself sets: they are replaced. */
function shadowsOf(grant: Grant): readonly Shadow[] {
  const own = new Set([...grant.variables, ...pathsOf(grant, 'variables', nowhere)].map(({ name }) => name));
  const usual: Shadow[] = SHADOWS[grant.cloud].map((name) => ({ name }));
  return [...usual, ...(grant.shadows ?? [])].filter(({ name }) => !own.has(name));
}
