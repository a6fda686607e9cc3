// A machine without disk and programs: a folder that remembers what was written, and programs that end as they are told.
import type { Processes, Ran } from '../../src/core/ports.ts';
import type { StepFolder } from '../../src/core/step-folder.ts';

export interface FakeFolder extends StepFolder {
  /** Contents by path. */
  readonly files: Map<string, string>;
}

export function fakeFolder(): FakeFolder {
  const files = new Map<string, string>();
  return {
    files,
    name: () => 'workload-identity-step',
    write(name, content, inner = '/temp/step') {
      files.set(`${inner}/${name}`, Buffer.from(content).toString());
      return `${inner}/${name}`;
    },
    pathOf: (name) => `/temp/step/${name}`,
    pathInDocker: (name) => `/docker/step/${name}`,
    makeInner: (name) => `/temp/step/${name}`,
    read: (inner, name) => files.get(`${inner}/${name}`),
  };
}

export interface Call {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

export interface FakeProcesses extends Processes {
  readonly calls: readonly Call[];
}

/** Each run ends as the next of `endings` says; with none left it never ends until it is stopped. */
export function fakeProcesses(...endings: readonly (Partial<Ran> | ((call: Call) => Partial<Ran>))[]): FakeProcesses {
  const calls: Call[] = [];
  const left = [...endings];
  return {
    calls,
    endStray: async () => {},
    find: async (wanted) => ({ file: `/usr/bin/${wanted.name}`, args: [] }),
    run(program, args, { env, cwd, signal }) {
      const call = { file: program.file, args: [...program.args, ...args], env, cwd };
      calls.push(call);
      const next = left.shift();
      const rest = { how: 'exited', status: 0, output: '', errors: '' } as const;
      if (next) return Promise.resolve({ ...rest, ...(typeof next === 'function' ? next(call) : next) });
      const stopped = { ...rest, how: 'stopped' } as const;
      if (signal.aborted) return Promise.resolve(stopped);
      return new Promise((ok) => signal.addEventListener('abort', () => ok(stopped), { once: true }));
    },
  };
}
