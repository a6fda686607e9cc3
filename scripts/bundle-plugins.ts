// What the bundle leaves out or replaces, each with its reason (facts: toolchain 2.4).
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** A few lines in place of fetch's `Headers`: the real one loads undici. */
export const FETCH_GLOBALS = join(import.meta.dirname, 'bundle-headers.js');

const MODULES =
  'http|https|fs|util|stream|process|crypto|os|path|url|child_process|fs/promises|buffer|net|tls|events|module|querystring|zlib|assert|timers|string_decoder|async_hooks|diagnostics_channel|worker_threads|perf_hooks|console|http2|dns|util/types|stream/web|timers/promises';

/** `import 'node:http'` in an ES module loads undici in Node 24; asking for the builtin at run time does not. */
export const builtins: Plugin = {
  name: 'builtins',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(node:)?(${MODULES})$`) }, (args) => ({
      path: args.path.replace(/^node:/, ''),
      namespace: 'builtin',
    }));
    build.onLoad({ filter: /.*/, namespace: 'builtin' }, (args) => ({
      contents: `module.exports = process.getBuiltinModule('node:${args.path}')`,
      loader: 'js',
    }));
  },
};

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
  },
};
