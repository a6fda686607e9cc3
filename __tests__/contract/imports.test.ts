import { type Import, type SourceFile, sourceFiles } from './source-files.ts';

const FILES = sourceFiles();
const STORIES = /^(keep-fresh\/)?[a-z-]+\.ts$/;
const SHELLS = ['keeper.ts', 'main.ts', 'post.ts', 'trust.ts'];
/** Pipes between main and the keeper, which are nobody's output. */
const PIPES = ['adapters/background.ts', 'adapters/keeper-world.ts'];
const SDKS: Readonly<Record<string, RegExp>> = {
  'providers/aws/client.ts': /^@aws-sdk\//,
  'providers/azure/client.ts': /^@azure\//,
  'providers/gcp/client.ts': /^google-auth-library/,
};

const folderOf = (path: string) =>
  path.startsWith('providers/') ? path.split('/').slice(0, 2).join('/') : (path.split('/')[0] ?? '');
const local = (file: SourceFile) => file.imports.flatMap((i) => i.target ?? []);
const packages = (file: SourceFile) => file.imports.filter((i) => !i.target && !i.specifier.startsWith('node:'));
const builtins = (file: SourceFile) => file.imports.filter((i) => i.specifier.startsWith('node:'));
const told = (file: SourceFile, imports: readonly (Import | string)[]) =>
  imports.map((i) => `${file.path} → ${typeof i === 'string' ? i : i.specifier}`);
/** Imports, in all files that are chosen, that a rule does not allow. */
const against = (chosen: (file: SourceFile) => boolean, wrong: (file: SourceFile) => readonly (Import | string)[]) =>
  FILES.filter(chosen).flatMap((file) => told(file, wrong(file)));

it('finds the sources and what they import', () => {
  expect(FILES.length).toBeGreaterThan(50);
  const main = FILES.find((file) => file.path === 'main.ts');
  expect(main && local(main)).toEqual([
    ...['adapters/connections.ts', 'adapters/transport.ts', 'adapters/world.ts'],
    ...['head-start.ts', 'federate.ts'],
  ]);
  const paths = new Set(FILES.map((file) => file.path));
  expect(
    against(
      () => true,
      (file) => local(file).filter((target) => !paths.has(target)),
    ),
  ).toEqual([]);
});

describe('imports run one way', () => {
  it("core imports core alone: no package and nothing of Node's", () => {
    const inCore = (file: SourceFile) => file.path.startsWith('core/');
    expect(against(inCore, (file) => local(file).filter((t) => !t.startsWith('core/')))).toEqual([]);
    expect(against(inCore, packages)).toEqual([]);
    expect(against(inCore, builtins)).toEqual([]);
  });

  it('a provider imports core and its own folder', () => {
    const inProvider = (file: SourceFile) => /^providers\/\w+\//.test(file.path);
    expect(
      against(inProvider, (file) =>
        local(file).filter((t) => !t.startsWith('core/') && folderOf(t) !== folderOf(file.path)),
      ),
    ).toEqual([]);
    expect(against(inProvider, builtins)).toEqual([]);
  });

  it('adapters import core and each other', () => {
    const inAdapters = (file: SourceFile) => file.path.startsWith('adapters/');
    expect(against(inAdapters, (file) => local(file).filter((t) => !/^(core|adapters)\//.test(t)))).toEqual([]);
  });

  it('inputs import core, each other and the list of providers', () => {
    const inInputs = (file: SourceFile) => file.path.startsWith('inputs/');
    expect(
      against(inInputs, (file) => local(file).filter((t) => !/^(core|inputs)\/|^providers\/index\.ts$/.test(t))),
    ).toEqual([]);
  });

  it('stories reach providers through their lists, and adapters not at all but to mint', () => {
    const story = (file: SourceFile) => STORIES.test(file.path) && !SHELLS.includes(file.path);
    const allowed =
      /^(core|inputs)\/|^providers\/(index|endings|upkeep)\.ts$|^(keep-fresh\/)?[a-z-]+\.ts$|^adapters\/oidc\.ts$/;
    expect(against(story, (file) => local(file).filter((t) => !allowed.test(t)))).toEqual([]);
  });

  it('nothing imports a shell', () => {
    expect(
      against(
        () => true,
        (file) => local(file).filter((t) => SHELLS.includes(t)),
      ),
    ).toEqual([]);
  });

  it('nothing runs in a circle', () => {
    const edges = new Map(
      FILES.map((f) => [f.path, f.imports.filter((i) => !i.typeOnly).flatMap((i) => i.target ?? [])]),
    );
    const circles: string[] = [];
    const walk = (path: string, trail: readonly string[]): void => {
      if (trail.includes(path)) return void circles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      for (const next of edges.get(path) ?? []) walk(next, [...trail, path]);
      edges.set(path, []);
    };
    for (const path of [...edges.keys()]) walk(path, []);
    expect(circles).toEqual([]);
  });
});

describe('packages', () => {
  const allowed = (file: SourceFile): RegExp => {
    if (file.path === 'adapters/runner.ts') return /^@actions\/core$/;
    if (file.path === 'adapters/github.ts') return /^@actions\/github$/;
    return SDKS[file.path] ?? /^$/;
  };
  it('are imported in one file each: the runner, the REST API, an SDK by its client', () => {
    expect(
      against(
        () => true,
        (file) => packages(file).filter((i) => !allowed(file).test(i.specifier)),
      ),
    ).toEqual([]);
  });
  it.each([...Object.keys(SDKS), 'adapters/runner.ts', 'adapters/github.ts'])('are really used by %s', (path) => {
    const file = FILES.find((f) => f.path === path);
    expect(file && packages(file).length).toBeGreaterThan(0);
  });
  it('are loaded only when they are wanted: exchanges and the REST API by import()', () => {
    const heavy = /^providers\/\w+\/(exchange|client|advice|trust)\.ts$|^adapters\/github\.ts$/;
    const eager = (file: SourceFile) =>
      file.imports.filter((i) => !i.typeOnly && !i.dynamic && i.target && heavy.test(i.target));
    const light = (file: SourceFile) => !/^providers\/\w+\/(?!inputs|request|provider)/.test(file.path);
    expect(against(light, eager)).toEqual([]);
  });
});

describe('post', () => {
  it('loads no provider but what ends debts', () => {
    const byPath = new Map(FILES.map((file) => [file.path, file]));
    const reached = new Set<string>();
    const walk = (path: string): void => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const { target, typeOnly, dynamic } of byPath.get(path)?.imports ?? [])
        if (target && !typeOnly && !dynamic) walk(target);
    };
    walk('post.ts');
    expect([...reached].filter((path) => /^(providers\/(?!endings)|inputs\/)/.test(path))).toEqual([]);
  });
});

describe('what no source does', () => {
  const rows: readonly (readonly [what: string, pattern: RegExp, but?: readonly string[]])[] = [
    [
      "import 'node:http' or 'node:https' for more than types: that loads undici",
      /import\s+(?!type\b)[^;]*?'(node:)?https?'/,
    ],
    [
      'import a child process, but the adapters that start programs and the keeper',
      /'(node:)?child_process'/,
      ['adapters/background.ts', 'adapters/processes.ts'],
    ],
    [
      "touch fetch's globals, but Headers where Google's SDK wants them",
      /(?<![.\w'"])(fetch|Request|Response|FormData|Headers)\s*\(/,
      ['providers/gcp/client.ts'],
    ],
    ["make fetch's Request, Response or FormData anywhere", /new\s+(Request|Response|FormData)\b/],
    [
      'end the process; the adapter of programs kills what it started',
      /process\s*\.\s*(exit|abort|kill)\b/,
      ['adapters/processes.ts'],
    ],
    ['export a default', /export\s+default\b/],
    ['write to the console', /(?<![\w.])console\s*\.\s*\w+\s*\(/],
    [
      'write to the standard streams, but the adapters of the runner and of a terminal; a program has streams of its own',
      /\b(stdout|stderr)\b/,
      ['adapters/runner.ts', 'adapters/terminal.ts', 'adapters/processes.ts', ...PIPES],
    ],
    ['evaluate text', /(?<![\w.])eval\s*\(|new\s+Function\b/],
    [
      'lower the checks of certificates, but for a host that its user named',
      /rejectUnauthorized\s*:(?!\s*(true\b|!skipVerify,|boolean\b))/,
    ],
    ['use the temp folder of the system', /\btmpdir\b/],
  ];
  it.each(rows.map(([what, pattern, but = []]) => ({ what, pattern, but })))('$what', ({ pattern, but }) => {
    expect(
      FILES.filter((file) => !but.includes(file.path) && pattern.test(file.code)).map((file) => file.path),
    ).toEqual([]);
  });

  it('but the shells: act at import', () => {
    // A statement at the left margin that calls something.
    const acts = /^(await|void)\b|^[a-zA-Z_$][\w$.]*\(/m;
    expect(
      FILES.filter((file) => acts.test(file.code))
        .map((file) => file.path)
        .sort(),
    ).toEqual(SHELLS);
  });

  it('is read process.env, but by the runner adapter', () => {
    expect(FILES.filter((file) => /process\.env\b/.test(file.code)).map((file) => file.path)).toEqual([]);
  });
});
