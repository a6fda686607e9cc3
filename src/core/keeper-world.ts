// Everything outside that the keeper is given: its shell builds it from adapters, tests from literals.
import type { Reply } from './charge.ts';
import type { Backgrounds, Clock, Files, LocalCall, LocalServer, NetworkSettings, Random, Transport } from './ports.ts';

export interface KeeperWorld {
  readonly pid: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly files: Files;
  readonly find: Backgrounds['find'];
  /** Loaded when it is wanted: main waits for a keeper that listens, not for one that can do everything. */
  openTransport(settings: NetworkSettings, cut: AbortSignal): Promise<Transport>;
  listen(answer: (call: LocalCall) => Promise<Reply>): Promise<LocalServer>;
  /** Tells main one line. */
  say(line: string): void;
  /** The line that main hands over; undefined where main ended without one. */
  commission(): Promise<string | undefined>;
  /** Calls back when somebody asks the process to end. */
  onEnd(then: () => void): void;
}
