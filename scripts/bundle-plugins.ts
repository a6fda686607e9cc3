// What the bundle leaves out or replaces, each with its reason (facts: toolchain 2.4).
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const OF_CORE = /@actions[\\/]core[\\/]/;

/** A few lines in place of fetch's `Headers`: the real one loads undici. */
export const FETCH_GLOBALS = join(import.meta.dirname, 'bundle-headers.js');

const MODULES =
  'http|https|fs|util|stream|process|crypto|os|path|url|child_process|fs/promises|buffer|net|tls|events|module|querystring|zlib|assert|timers|string_decoder|async_hooks|diagnostics_channel|worker_threads|perf_hooks|console|http2|dns|util/types|stream/web|timers/promises';

/**
 * `import 'node:http'` in an ES module loads undici in Node 24; asking for the builtin at run time does not. An `import` gets the names it uses
 * and no others: esbuild's own way copies all of them, which runs the getters behind which Node keeps WebCrypto and fs/promises.
 */
export const builtins: Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(node:)?(${MODULES})$`) }, (args) => ({
      path: args.path.replace(/^node:/, ''),
      namespace: args.kind === 'require-call' ? 'required-builtin' : builtinFor(args.importer),
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'required-builtin' }, (args) => ({
      contents: `module.exports = process.getBuiltinModule('node:${args.path}')`,
      loader: 'js',
    }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, (args) => ({ contents: named(args.path), loader: 'js' }));
    build.onLoad({ filter: /.*/, namespace: 'sdk-builtin' }, (args) => ({
      contents: named(args.path, UNUSED_BY_SDKS.has(args.path)),
      loader: 'js',
    }));
  },
};

/**
 * The SDKs have theirs apart: a module that is shared reads, at the start of main, what any of its importers uses. What they would do with a
 * file, a socket or a child is never done here, so these of theirs are loaded at the first call, if there ever is one.
 */
function builtinFor(importer: string): string {
  return /[\\/]node_modules[\\/]/.test(importer) && !OF_CORE.test(importer) ? 'sdk-builtin' : 'builtin';
}

const OF_PROCESS = { arch: '', emitWarning: '', env: '', platform: '', release: '', version: '', versions: '' };
const UNUSED_BY_SDKS = new Set(['fs/promises', 'zlib', 'http', 'https', 'child_process']);

/**
 * A builtin as an ES module of which unused exports can be left out: each is read by a call that is marked as pure. Behind its getters Node keeps what is
 * slow to load (WebCrypto, fs.promises, undici): these are read at the first call, like all functions of a builtin that comes `late`.
 */
function named(builtin: string, late = false): string {
  // Jest gives its tests another `process`, and a build within a test must be the same build.
  const module: object = builtin === 'process' ? OF_PROCESS : (process.getBuiltinModule(`node:${builtin}`) ?? {});
  const members = Object.entries(Object.getOwnPropertyDescriptors(module)).filter(
    ([name]) => name !== 'default' && /^[A-Za-z_$][\w$]*$/.test(name),
  );
  const value = ([name, { get, value }]: [string, PropertyDescriptor]) =>
    get || (late && typeof value === 'function')
      ? `function (...a) { const f = load().${name}; return new.target ? new f(...a) : f(...a); }`
      : `/* @__PURE__ */ (() => load().${name})()`;
  return [
    `const load = () => process.getBuiltinModule('node:${builtin}');`,
    'export default /* @__PURE__ */ load();',
    ...members.map((member) => `const _${member[0]} = ${value(member)};`),
    `export { ${members.map(([name]) => `_${name} as ${name}`).join(', ')} };`,
  ].join('\n');
}

const absent = (name: string) => `const absent = () => { throw new Error('${name} is not in the bundle'); };`;

/** Parts of the packages that cannot run here: our transport takes their place, or they are for other ways to sign in. */
const STUBS: Readonly<Record<string, string>> = {
  '@actions/http-client': 'export class HttpClient {} export const HttpCodes = {};',
  '@actions/http-client/lib/auth': 'export class BearerCredentialHandler {}',
  '@actions/exec': `${absent('@actions/exec')} export const exec = absent, getExecOutput = absent;`,
  '@aws-sdk/credential-provider-node': `${absent('the credential chain')} export const defaultProvider = () => absent;`,
  '@smithy/node-http-handler':
    'export const NodeHttpHandler = { create: (h) => h }; export const streamCollector = async (b) => b;',
  jsonwebtoken: 'export default {};',
  open: 'export default () => {};',
  'http-proxy-agent': 'export class HttpProxyAgent {}',
  'https-proxy-agent': 'export class HttpsProxyAgent {}',
  gaxios:
    'export class GaxiosError extends Error {} export class Gaxios { static mergeHeaders(base, ...more) { const h = new Headers(base); for (const m of more) new Headers(m).forEach((v, k) => h.set(k, v)); return h; } defaults = {}; interceptors = { request: new Set(), response: new Set() }; request() { throw new Error("no transport"); } }',
  'google-logging-utils':
    'export const log = () => Object.assign(() => {}, { info() {}, debug() {}, warn() {}, error() {} });',
  'gcp-metadata': 'export default {};',
};

/** Parts of @actions/core that nothing here calls, and that load the most of it. */
const CORE_STUBS: Readonly<Record<string, string>> = {
  './summary.js': 'export const summary = undefined, markdownSummary = undefined;',
  './platform.js': 'export {};',
  './oidc-utils.js': 'export class OidcClient {}',
  './path-utils.js': 'export const toPosixPath = undefined, toWin32Path = undefined, toPlatformPath = undefined;',
};

/** @actions/github needs the real HTTP client: it asks it for an agent when it loads. */
const KEEPS_HTTP_CLIENT = /@actions[\\/]github[\\/]/;

export const stubs: Plugin = {
  name: 'stubs',
  setup(build) {
    for (const [name, contents] of Object.entries(STUBS)) {
      const exactly = new RegExp(`^${name.replace(/[/.]/g, '\\$&')}$`);
      build.onResolve({ filter: exactly }, (args) =>
        KEEPS_HTTP_CLIENT.test(args.importer) ? undefined : { path: name, namespace: 'stub' },
      );
      build.onLoad({ filter: exactly, namespace: 'stub' }, () => ({ contents, loader: 'js' }));
    }
    build.onResolve({ filter: /^\.\/(summary|platform|oidc-utils|path-utils)\.js$/ }, (args) =>
      OF_CORE.test(args.importer) ? { path: args.path, namespace: 'core-stub' } : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: 'core-stub' }, (args) => ({
      contents: CORE_STUBS[args.path] ?? '',
      loader: 'js',
    }));
  },
};
