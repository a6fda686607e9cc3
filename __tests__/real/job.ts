// The workflow of these tests, and what they ask of its run.
import type { RunResult, StepResult } from '../../sandbox/runner/result.ts';

/** A job that federates with Vault, with further lines under `with:`, and then logs in to the database as the leased user. */
export function jobWith(inputs: Readonly<Record<string, string>> = {}): string {
  const given = { 'vault-url': 'https://vault.example.com', 'vault-role': 'ci', ...inputs };
  return `
name: real Vault
on: push
permissions:
  id-token: write
jobs:
  job:
    runs-on: ubuntu-latest
    steps:
      - id: federate
        uses: your-org/workload-identity@v1
        with:
${Object.entries(given)
  .map(([name, value]) => `          ${name}: ${value}`)
  .join('\n')}
          vault-secrets: |
            secret/data/app password | APP_PASSWORD
            kv1/app user | APP_USER
            database/creds/readonly username | DB_USER
            database/creds/readonly password | DB_PASSWORD
      - name: Use the database
        run: |
          PGPASSWORD="$DB_PASSWORD" "$PSQL" -X -w -A -t -h 127.0.0.1 -p "$PGPORT" -U "$DB_USER" -d postgres -c "select 'logged in as ' || current_user"
          echo "kv: $APP_USER"
`;
}

/** A workflow of one job that may mint, with these steps. */
export function workflowOf(steps: readonly object[]): string {
  const jobs = { job: { 'runs-on': 'ubuntu-latest', steps } };
  return JSON.stringify({ on: 'push', permissions: { 'id-token': 'write' }, jobs }, null, 2); // JSON is YAML
}

/** The step of this name. */
export function stepOf(result: RunResult, name: string): StepResult {
  const found = result.steps.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`The run has no step ${name}:\n${result.log.join('\n')}`);
  return found;
}

/** The stage of the action in the run. */
export function stage(result: RunResult, kind: 'main' | 'post'): StepResult {
  const found = result.steps.find((step) => step.kind === kind);
  if (!found) throw new Error(`The run has no ${kind} step:\n${result.log.join('\n')}`);
  return found;
}

/** The step that used the database. */
export function use(result: RunResult): StepResult {
  const found = result.steps.find((step) => step.kind === 'run');
  if (!found) throw new Error('The run has no script step');
  return found;
}

/** Asks until the answer is true; false after ten seconds. */
export async function soon(ask: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 10_000;
  while (!(await ask())) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return true;
}
