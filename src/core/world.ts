// Everything outside that a story is given, in one value: the shells build it from adapters, tests from literals.
import type { Send } from './http.ts';
import type {
  Backgrounds,
  Clock,
  Connections,
  Files,
  NetworkSettings,
  Processes,
  Random,
  Runner,
  Transport,
} from './ports.ts';
import type { ReadPem } from './provider.ts';

export interface World {
  readonly runner: Runner;
  readonly files: Files;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly random: Random;
  /** `major.minor` of Node. */
  readonly nodeVersion: readonly [number, number];
  /** Loaded when it is wanted: a post that owes nothing to a server does without. `ahead`: connections by the same proxy settings, which it takes over. */
  openTransport(settings: NetworkSettings, cut: AbortSignal, ahead?: Connections): Promise<Transport>;
  readonly readPem: ReadPem;
  /** The event that started the workflow, as the runner saved it; undefined where there is none. */
  readEvent(): unknown;
  /** Calls back once when the runner cancels the step. */
  onCancel(then: () => void): void;
  /** The keeper's process; loaded only when there is one. */
  backgrounds(): Promise<Backgrounds>;
  /** The repository's subject customisation, by GitHub's REST API; loaded only when advice wants it. */
  subjectCustomisation(token: string, repository: string, send: Send): Promise<string | undefined>;
}
