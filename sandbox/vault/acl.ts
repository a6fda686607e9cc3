// What a token may do: the rules of all its policies, merged and asked path by path, the most specific rule alone deciding.
import type { Capability, PathRule } from './policy.ts';

/** A rule with the namespace that its policy belongs to in front of its path. */
interface Rule {
  readonly pattern: string;
  readonly capabilities: Set<Capability>;
}

export class Acl {
  readonly #rules = new Map<string, Rule>();

  /** `base` is the namespace of the policies (`team/`, or empty). The same path in two policies: their union, but `deny` wins. */
  constructor(base: string, policies: readonly (readonly PathRule[])[]) {
    for (const { path, capabilities } of policies.flat()) {
      const pattern = base + path;
      const rule = this.#rules.get(pattern) ?? { pattern, capabilities: new Set() };
      for (const capability of capabilities) rule.capabilities.add(capability);
      this.#rules.set(pattern, rule);
    }
  }

  /** Sorted capabilities on a path (namespace included); `["deny"]` where there are none. */
  on(path: string, listing = false): readonly Capability[] {
    const rule =
      this.#rules.get(path) ?? (listing ? this.#rules.get(path.replace(/\/$/, '')) : undefined) ?? this.#best(path);
    if (!rule || rule.capabilities.has('deny') || rule.capabilities.size === 0) return ['deny'];
    return [...rule.capabilities].sort();
  }

  allows(path: string, capability: Capability): boolean {
    return this.on(path, capability === 'list').includes(capability);
  }

  /** Whether anything below a mount is granted: what `sys/internal/ui/mounts` asks for. */
  reaches(mount: string): boolean {
    return [...this.#rules.values()].some(({ pattern, capabilities }) => {
      if (capabilities.has('deny') || capabilities.size === 0) return false;
      const fixed = pattern.split(/[+*]/, 1)[0] ?? '';
      return fixed.startsWith(mount) || (fixed !== pattern && mount.startsWith(fixed));
    });
  }

  #best(path: string): Rule | undefined {
    return [...this.#rules.values()]
      .filter((rule) => matches(rule.pattern, path))
      .sort(bySpecificity)
      .at(0);
  }
}

/** An exact pattern was looked up before; here only `+` and a trailing `*` are left. */
function matches(pattern: string, path: string): boolean {
  const prefix = pattern.endsWith('*');
  const wanted = (prefix ? pattern.slice(0, -1) : pattern).split('/');
  const given = (prefix ? path : path.replace(/\/$/, '')).split('/');
  if (!prefix && !pattern.includes('+')) return false;
  if (prefix ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((segment, i) => {
    if (segment === '+') return given[i] !== '';
    return prefix && i === wanted.length - 1 ? (given[i] ?? '').startsWith(segment) : given[i] === segment;
  });
}

/** The documented priority: a later first wildcard, no trailing `*`, fewer `+`, longer, then by name. */
function bySpecificity(a: Rule, b: Rule): number {
  const first = ({ pattern }: Rule) => /[+*]/.exec(pattern)?.index ?? pattern.length;
  const open = ({ pattern }: Rule) => Number(pattern.endsWith('*'));
  const plus = ({ pattern }: Rule) => pattern.split('+').length;
  return (
    first(b) - first(a) ||
    open(a) - open(b) ||
    plus(a) - plus(b) ||
    b.pattern.length - a.pattern.length ||
    (a.pattern < b.pattern ? 1 : -1)
  );
}
