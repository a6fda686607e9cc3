// What a KV v2 mount remembers: for each path its versions, each alive, deleted or destroyed.
import { goTime } from '../random.ts';
import type { Fields, KvTwoMount } from '../trust.ts';

export interface Version {
  data: Fields | null;
  readonly created: number;
  deletedAt?: number;
  destroyed: boolean;
}

export interface Versioned {
  readonly versions: Version[];
  updated: number;
  customMetadata: Fields | null;
}

export class VersionStore {
  readonly #paths = new Map<string, Versioned | undefined>();
  readonly #mount: () => KvTwoMount | undefined;
  readonly #since: number;

  /** `since`: when the secrets of the trust document were written. */
  constructor(mount: () => KvTwoMount | undefined, since: number) {
    this.#mount = mount;
    this.#since = since;
  }

  find(path: string): Versioned | undefined {
    return this.#paths.has(path) ? this.#paths.get(path) : this.#seeded(path);
  }

  /** The same, to be changed: it stays as it is from now on, whatever the trust document says. */
  open(path: string): Versioned {
    const secret = this.find(path) ?? { versions: [], updated: this.#since, customMetadata: null };
    this.#paths.set(path, secret);
    return secret;
  }

  remove(path: string): void {
    this.#paths.set(path, undefined);
  }

  paths(): string[] {
    const seeded = Object.keys(this.#mount()?.secrets ?? {}).filter((path) => !this.#paths.has(path));
    return [...seeded, ...[...this.#paths].filter(([, secret]) => secret).map(([path]) => path)];
  }

  #seeded(path: string): Versioned | undefined {
    const secrets = this.#mount()?.secrets ?? {};
    const seed = Object.hasOwn(secrets, path) ? secrets[path] : undefined;
    if (!seed) return undefined;
    const list = Array.isArray(seed) ? seed : [{ data: seed }];
    const versions = list.map(
      ({ data, deleted, destroyed }): Version => ({
        data,
        created: this.#since,
        destroyed: destroyed ?? false,
        ...(deleted && { deletedAt: this.#since }),
      }),
    );
    return { versions, updated: this.#since, customMetadata: null };
  }
}

/** A version's part of `metadata`: when it was made and how it ended. */
export function stateOf(version: Version): { created_time: string; deletion_time: string; destroyed: boolean } {
  return {
    created_time: goTime(version.created),
    deletion_time: version.deletedAt === undefined ? '' : goTime(version.deletedAt),
    destroyed: version.destroyed,
  };
}
