// What the observed process does to files: everything that creates, changes, moves or removes one, through each of the three forms of fs.
import type { FileHandle } from 'node:fs/promises';
import { before, type Record, textOf } from './observe-process.ts';

type Args = unknown[];

/** How to read the arguments of a function into an entry; the same for its three forms. */
const readers: { readonly [name: string]: (args: Args) => Omit<Parameters<Record>[0], 'kind'> | undefined } = {
  writeFile: ([file, data, options]) => ({ ...target(file), text: textOf(data), ...settings(options) }),
  appendFile: ([file, data, options]) => ({ ...target(file), text: textOf(data), ...settings(options) }),
  open: ([path, flags, mode]) =>
    writes(flags) ? { path: String(path), flags: String(flags), ...modeOf(mode) } : undefined,
  write: ([file, data, ...rest]) => ({ ...target(file), text: partOf(data, rest) }),
  writev: ([file, buffers]) => ({ ...target(file), text: (buffers as unknown[]).map(textOf).join('') }),
  rename: ([path, to]) => ({ path: String(path), to: String(to) }),
  copyFile: ([path, to]) => ({ path: String(path), to: String(to) }),
  cp: ([path, to]) => ({ path: String(path), to: String(to) }),
  link: ([path, to]) => ({ path: String(path), to: String(to) }),
  symlink: ([path, to]) => ({ path: String(path), to: String(to) }),
  unlink: ([path]) => ({ path: String(path) }),
  rm: ([path]) => ({ path: String(path) }),
  rmdir: ([path]) => ({ path: String(path) }),
  mkdir: ([path, options]) => ({ path: String(path), ...settings(options) }),
  mkdtemp: ([path]) => ({ path: String(path) }),
  chmod: ([path, mode]) => ({ path: String(path), ...modeOf(mode) }),
  fchmod: ([file, mode]) => ({ ...target(file), ...modeOf(mode) }),
  truncate: ([path]) => ({ path: String(path) }),
  ftruncate: ([file]) => ({ ...target(file) }),
};

/** Paths of open descriptors, so that a write by number can be told. */
const opened = new Map<number, string>();

export function observeFiles(record: Record): void {
  const fs = process.getBuiltinModule('node:fs');
  rememberDescriptors(fs);
  for (const [name, read] of Object.entries(readers)) {
    const note = (args: Args): void => {
      const entry = read(args);
      if (entry !== undefined) record({ kind: 'fs', what: name, ...entry });
    };
    outermost(fs, `${name}Sync`, note);
    outermost(fs, name, note);
    before(fs.promises, name, note);
  }
  observeHandles(fs.promises, record);
}

type AnyFunction = (this: unknown, ...args: Args) => unknown;

let depth = 0;

// Some of these call others of them (`appendFileSync` is a `writeFileSync`): only what the program called is its deed.
function outermost(owner: object, name: string, note: (args: Args) => void): void {
  const functions = owner as { [name: string]: AnyFunction | undefined };
  const original = functions[name];
  if (original === undefined) return;
  const counted: AnyFunction = function (this: unknown, ...args) {
    depth++;
    try {
      return original.apply(this, args);
    } finally {
      depth--;
    }
  };
  functions[name] = Object.assign(counted, original);
  before(owner, name, (args) => {
    if (depth === 0) note(args);
  });
}

function rememberDescriptors(fs: typeof import('node:fs')): void {
  const functions = fs as unknown as { openSync: AnyFunction; open: AnyFunction };
  const { openSync, open } = functions;
  functions.openSync = function (this: unknown, ...args) {
    const descriptor = openSync.apply(this, args);
    opened.set(descriptor as number, String(args[0]));
    return descriptor;
  };
  functions.open = function (this: unknown, ...args) {
    const done = args.pop() as (error: unknown, descriptor?: number) => void;
    return open.call(this, ...args, (error: unknown, descriptor?: number) => {
      if (descriptor !== undefined) opened.set(descriptor, String(args[0]));
      done(error, descriptor);
    });
  };
}

// The class of file handles is not exported: it is met with the first handle.
function observeHandles(promises: typeof import('node:fs/promises'), record: Record): void {
  const functions = promises as unknown as { open: (...args: Args) => Promise<FileHandle> };
  const { open } = functions;
  let known = false;
  functions.open = async (...args) => {
    const handle = await open.apply(promises, args);
    opened.set(handle.fd, String(args[0]));
    if (!known) observeHandleClass(Object.getPrototypeOf(handle) as object, record);
    known = true;
    return handle;
  };
}

function observeHandleClass(prototype: object, record: Record): void {
  const handles = prototype as { [name: string]: AnyFunction | undefined };
  for (const name of ['write', 'writev', 'writeFile', 'appendFile', 'truncate', 'chmod']) {
    const original = handles[name];
    if (original === undefined) continue;
    handles[name] = function (this: unknown, ...args) {
      const path = opened.get((this as FileHandle).fd) ?? '';
      const changes =
        name === 'chmod' ? modeOf(args[0]) : name === 'truncate' ? {} : { text: partOf(args[0], args.slice(1)) };
      record({ kind: 'fs', what: name, path, ...changes });
      return original.apply(this, args);
    };
  }
}

function target(file: unknown): { path: string } {
  return { path: typeof file === 'number' ? (opened.get(file) ?? `descriptor ${file}`) : String(file) };
}

function partOf(data: unknown, [offset, length]: Args): string {
  if (!ArrayBuffer.isView(data)) return textOf(data);
  const start = typeof offset === 'number' ? offset : 0;
  const end = typeof length === 'number' ? start + length : data.byteLength;
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).subarray(start, end).toString();
}

function settings(options: unknown): { mode?: number; flags?: string } {
  if (typeof options === 'number') return { mode: options };
  const { mode, flag } = (typeof options === 'object' ? (options ?? {}) : {}) as { mode?: unknown; flag?: unknown };
  return { ...modeOf(mode), ...(flag === undefined ? {} : { flags: String(flag) }) };
}

function modeOf(mode: unknown): { mode?: number } {
  if (typeof mode === 'number') return { mode };
  return typeof mode === 'string' ? { mode: Number.parseInt(mode, 8) } : {};
}

function writes(flags: unknown): boolean {
  const { O_WRONLY, O_RDWR, O_CREAT } = process.getBuiltinModule('node:fs').constants;
  if (typeof flags === 'number') return (flags & (O_WRONLY | O_RDWR | O_CREAT)) !== 0;
  return typeof flags === 'string' && flags !== 'r' && flags !== 'rs';
}
