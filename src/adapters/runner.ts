// The only file that knows @actions/core, and the only writer of output (INVARIANTS 1): what is printed is redacted first.

import { randomUUID } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { EOL } from 'node:os';
import * as core from '@actions/core';
import { asFailure, Failure, framesOf } from '../core/failure.ts';
import type { Runner } from '../core/ports.ts';
import { redact, remember } from '../core/redaction.ts';

/** Debug switches of Node and the SDKs: they print headers and bodies, tokens included. */
const DEBUG_SWITCHES = ['AZURE_LOG_LEVEL', 'GOOGLE_SDK_NODE_LOGGING', 'DEBUG', 'NODE_DEBUG', 'NODE_DEBUG_NATIVE'];

/** The runner around this process. Takes the debug switches out of the environment and routes everything that prints through itself. */
export function openRunner(host: NodeJS.Process): Runner {
  for (const name of DEBUG_SWITCHES) delete host.env[name];
  const line = (text: string) => breakLine(redact(text).replace(/[\r\n]+/g, ' '));
  const runner: Runner = {
    env: (name) => host.env[name] || undefined,
    input: (name) => host.env[inputVariable(name)]?.trim() || undefined,
    inputNames: () => given(host.env),
    state: (name) => core.getState(name) || undefined,
    stateNames: () =>
      Object.keys(host.env)
        .filter((name) => name.startsWith('STATE_'))
        .map((name) => name.slice('STATE_'.length)),
    mask(secret) {
      for (const form of remember(secret)) core.setSecret(form);
    },
    save: (name, value) => core.saveState(name, value),
    say: (text) => core.info(line(text)),
    group(title, lines) {
      core.startGroup(line(title));
      for (const text of lines) core.info(line(text));
      core.endGroup();
    },
    notice: (text) => core.notice(line(text)),
    warn: (text) => core.warning(line(text)),
    error: (text) => core.error(line(text)),
    debug: (text) => core.debug(line(text)),
    fail() {
      host.exitCode = 1;
    },
    writeEnvironment: (pairs) => append('GITHUB_ENV', host.env.GITHUB_ENV, pairs),
    writeOutputs: (pairs) => append('GITHUB_OUTPUT', host.env.GITHUB_OUTPUT, pairs),
    summarize(markdown) {
      const file = host.env.GITHUB_STEP_SUMMARY;
      if (file) appendFileSync(file, `${redact(markdown)}${EOL}`);
    },
  };
  routeOutput(host, runner);
  return runner;
}

/** The runner obeys `::command::` at the start of a line, after what .NET trims as white space, and `##[command]` anywhere in it. */
function breakLine(text: string): string {
  return text.replace(/^([\s\u0085]*):(?=:)/, '$1: ').replaceAll('##[', '## [');
}

/** `INPUT_AWS-REGION`, as the runner writes it. */
function inputVariable(name: string): string {
  return `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`;
}

function given(env: NodeJS.ProcessEnv): string[] {
  const names = Object.keys(env).filter((name) => name.startsWith('INPUT_') && env[name]);
  return names.map((name) => name.slice('INPUT_'.length).toLowerCase());
}

/** All pairs in one append (INVARIANTS 14): a step that is killed has written all of them or none. */
function append(variable: string, file: string | undefined, pairs: ReadonlyMap<string, string>): void {
  if (pairs.size === 0) return;
  if (!file) {
    throw new Failure('run/not-actions', `${variable} is not set: this is no GitHub Actions job`, {}, [
      'Run the action as a step of a workflow.',
    ]);
  }
  const blocks = [...pairs].map(([name, value]) => {
    const delimiter = `ghadelimiter_${randomUUID()}`;
    return `${name}<<${delimiter}${EOL}${value}${EOL}${delimiter}${EOL}`;
  });
  appendFileSync(file, blocks.join(''));
}

/** `console`, process warnings and what nobody caught: a library that prints must not become a second writer. */
function routeOutput(host: NodeJS.Process, runner: Runner): void {
  const debug = (...parts: unknown[]) =>
    runner.debug(parts.map((part) => (typeof part === 'string' ? part : typeof part)).join(' '));
  for (const method of ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const)
    console[method] = debug;
  host.removeAllListeners('warning');
  host.on('warning', (warning) => runner.debug(`${warning.name}: ${warning.message}`));
  // Node has read NODE_DEBUG before us, and prints headers with it. Nothing of ours goes there.
  host.stderr.write = () => true;
  // A reader that has gone away is no error of ours; unheard, it would become one that is told to the same reader, for ever.
  for (const stream of [host.stdout, host.stderr]) stream.on('error', () => {});
  const crash = (thrown: unknown) => {
    const failure = asFailure(thrown);
    runner.error(`[${failure.id}] ${failure.message}`);
    for (const frame of framesOf(thrown)) runner.debug(frame);
    runner.fail();
  };
  host.on('uncaughtException', crash);
  host.on('unhandledRejection', crash);
}
