// What a call does, by the shape of its path, as far as that tells (facts: vault 1.5). Where an engine is mounted is the administrator's choice, so
// a shape is what stands behind any mount. What no shape tells is treated as if it made a credential.

/** `reads`: may be repeated. `makes`: each call makes something anew. `stores`: a write that stays there to be read. */
export type Effect = 'reads' | 'makes' | 'stores' | 'unknown';

/** The first that fits: what a GET does there, and what a POST. */
const SHAPES: readonly (readonly [shape: RegExp, read: Effect, write: Effect])[] = [
  [/^cubbyhole\//, 'reads', 'stores'],
  [/^(.+\/)?identity\/oidc\/token\/[^/]+$/, 'reads', 'unknown'],
  [/\/static-creds?\/[^/]+$/, 'reads', 'unknown'],
  [/\/(creds|sts)\/[^/]+$/, 'makes', 'makes'],
  [/\/(roleset|static-account|impersonated-account)\/[^/]+\/(key|token)$/, 'makes', 'makes'],
  [/\/(key|token)\/[^/]+$/, 'makes', 'makes'],
  [/\/library\/([^/]+\/)+check-out$/, 'makes', 'makes'],
  [/\/(issue|sign|sign-verbatim|sign-intermediate)\/[^/]+(\/[\w-]+)?$/, 'makes', 'makes'],
  [/\/datakey\/(plaintext|wrapped)\/[^/]+$/, 'unknown', 'makes'],
  [/\/(encrypt|decrypt|rewrap|verify|hmac)\/[^/]+(\/[\w-]+)?$/, 'unknown', 'reads'],
  [/\/code\/[^/]+$/, 'reads', 'reads'],
  [/\/(data|metadata|subkeys)\/./, 'reads', 'stores'],
];

export function effectOf(path: string, method?: 'POST'): Effect {
  const shape = SHAPES.find(([pattern]) => pattern.test(path));
  const effect = shape ? shape[method ? 2 : 1] : 'unknown';
  // `team/data/creds/ro` is a secret of the store `team`, or a role of an engine at `team/data`: the path alone cannot say.
  return effect === 'makes' && /\/data\/./.test(path) ? 'unknown' : effect;
}

/** Whether writes to it may replace each other: all but those that are known to make something anew, or to change nothing. */
export function stores(path: string): boolean {
  return ['stores', 'unknown'].includes(effectOf(path, 'POST'));
}

/** Whether a call is known to make something that will have to be ended. */
export function makes({ path, method }: { readonly path: string; readonly method?: 'POST' }): boolean {
  return effectOf(path, method) === 'makes';
}
