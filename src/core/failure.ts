// What went wrong, as a value that cannot hold a secret: an id, one line, and facts of fixed kinds.
import { plain } from './plain.ts';

/** Facts of an answer that may be shown. Everything here is either a number or passes through `plain`. */
export interface Evidence {
  readonly host?: string;
  readonly status?: number;
  /** The authority's own code: `AccessDenied`, `AADSTS700213`, `invalid_target`. */
  readonly code?: string;
  /** The authority's own text, cleaned. */
  readonly said?: string;
  readonly requestId?: string;
  /** Which hop of a chain of roles was asked, from 1; undefined: the one that takes the identity token. */
  readonly hop?: number;
}

/**
 * A failure with its stable id (`aws/trust-refused`). The message is one line for people; `fixes` are imperative sentences.
 * No field takes a request, a response or an error object: that is how tokens get into logs.
 */
export class Failure extends Error {
  readonly id: string;
  readonly evidence: Evidence;
  readonly fixes: readonly string[];

  constructor(id: string, message: string, evidence: Evidence = {}, fixes: readonly string[] = []) {
    super(plain(message));
    this.name = 'Failure';
    this.id = id;
    this.evidence = cleaned(evidence);
    this.fixes = fixes;
  }
  /** The same failure with better words. */
  advised(message: string, fixes: readonly string[], id = this.id): Failure {
    return new Failure(id, message, this.evidence, fixes);
  }
}

function cleaned(evidence: Evidence): Evidence {
  const entries = Object.entries(evidence).map(([k, v]) => [k, typeof v === 'string' ? plain(v) : v]);
  return Object.fromEntries(entries.filter(([, v]) => v !== undefined && v !== ''));
}

/** Any thrown value as a Failure. A programming error keeps its kind and place in our code, but not its text: that may quote anything. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  const kind = thrown instanceof Error ? thrown.name : typeof thrown;
  const code = thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : undefined;
  return new Failure('internal/unexpected', `Unexpected ${kind}${code ? ` (${code})` : ''} inside the action`, {}, [
    'Run the job again with step debug logging (ACTIONS_STEP_DEBUG) and report the stack that it prints.',
  ]);
}

/** Where in our code something unexpected came from: the frames of a stack, without its message. Empty for a Failure. */
export function framesOf(thrown: unknown): string[] {
  if (thrown instanceof Failure || !(thrown instanceof Error)) return [];
  return (thrown.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
}
