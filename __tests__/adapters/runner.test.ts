import { around, deserted } from './subprocess.ts';

/** Lines in which the runner would find a command that is none of ours. */
const foreign = (lines: readonly string[]) =>
  lines.filter(
    (line) =>
      /##\[/.test(line) ||
      (/^[\s\u0085]*::/.test(line) && !/^::(add-mask|group|endgroup|notice|warning|error|debug)::/.test(line)),
  );

describe('masks', () => {
  it('are printed once, each form on a line of its own, before anything else', () => {
    const { lines, stderr } = around((runner, { Secret }) => {
      const secret = new Secret('p@ss-word-1', 'password');
      runner.mask(secret);
      runner.mask(secret);
      runner.say('used: p@ss-word-1');
    });
    const masks = lines.filter((line) => line.startsWith('::add-mask::'));
    expect(masks).toContain('::add-mask::p@ss-word-1');
    expect(masks).toContain('::add-mask::p%2540ss-word-1');
    expect(new Set(masks).size).toBe(masks.length);
    expect(lines.slice(0, masks.length)).toEqual(masks);
    expect(lines.at(-1)).toBe('used: ***');
    expect(stderr).toBe('');
  });

  it('hold in everything that is printed afterwards, longest first', () => {
    const { lines, files } = around((runner, { Secret }) => {
      runner.mask(new Secret('secret-inner', 'a'));
      runner.mask(new Secret('outer-secret-inner-outer', 'b'));
      const text = 'x outer-secret-inner-outer y secret-inner z';
      runner.say(text);
      runner.group(text, [text]);
      for (const tell of [runner.notice, runner.warn, runner.error, runner.debug]) tell(text);
      runner.summarize(text);
    });
    const told = lines.filter((line) => !line.startsWith('::add-mask::') && line !== '::endgroup::');
    expect(told.map((line) => line.replace(/^::\w+::/, ''))).toEqual(Array(7).fill('x *** y *** z'));
    expect(files.GITHUB_STEP_SUMMARY).toBe('x *** y *** z\n');
  });

  it('of several lines never show the raw block', () => {
    const { lines } = around((runner, { Secret }) => runner.mask(new Secret('{\n  "key": "value-1"\n}', 'json')));
    expect(lines).toContain('::add-mask::"key": "value-1",'.replace(',', ''));
    expect(lines).not.toContain('::add-mask::{');
    expect(lines.join()).not.toMatch(/%0A::add-mask|\{%0A/);
  });
});

describe("a secret in somebody else's text", () => {
  // The text is cleaned and cut before the runner sees it: what is left of a secret must not show.
  it('does not show where the text was cut', () => {
    const { lines } = around((runner, { Secret, Failure }) => {
      const secret = `hvs.${'CAESIJ-0123456789-abcdefghij'.repeat(8)}`;
      runner.mask(new Secret(secret, 'Vault token'));
      runner.error(new Failure('x/y', `They said: ${'.'.repeat(200)} token ${secret} is bad`).message);
    });
    expect(lines.at(-1)).not.toContain('hvs.CAESIJ');
  });
  it.each(['pa::ss##[w0rd', 'two  blanks  in-it', 'tab\tin-it-somewhere'])(
    'does not show where the text was cleaned: %j',
    (value) => {
      const { lines } = around(
        (runner, { Secret, Failure }) => {
          const secret = process.env.THE_SECRET ?? '';
          runner.mask(new Secret(secret, 'a secret'));
          runner.error(new Failure('x/y', `They said: ${secret}!`).message);
        },
        { THE_SECRET: value },
      );
      const [head = '', tail = ''] = [value.slice(0, 2), value.slice(-5)];
      expect(lines.at(-1)).not.toMatch(new RegExp(`said: ${head}|${tail.replace(/\W/g, '.')}!`));
    },
  );
  it('does not show where the text became Markdown', () => {
    const { files } = around((runner, { Secret, Failure, failureSummary }) => {
      runner.mask(new Secret('p*ss[w0rd]<here>', 'a secret'));
      runner.summarize(
        failureSummary([{ failure: new Failure('x/y', 'They said: p*ss[w0rd]<here>') }], [], undefined, undefined),
      );
    });
    expect(files.GITHUB_STEP_SUMMARY).toContain('They said');
    expect(files.GITHUB_STEP_SUMMARY).not.toMatch(/w0rd|here/);
  });
});

describe('a text that would command the runner', () => {
  it('is broken, whichever way it is told', () => {
    const { lines, stderr } = around((runner) => {
      const texts = [
        '::stop-commands::x',
        '  ::add-mask::x',
        '\u00a0::set-output name=a::b',
        '\u0085::stop-commands::x',
        'a\n::error::x',
        'a\r::error::x',
        'a ##[error]x',
        '##[##[group]x',
        '::::',
      ];
      for (const text of texts) {
        runner.say(text);
        runner.group(text, [text]);
        for (const tell of [runner.notice, runner.warn, runner.error, runner.debug]) tell(text);
      }
    });
    expect(lines).toHaveLength(9 * 8);
    expect(foreign(lines)).toEqual([]);
    expect(stderr).toBe('');
  });
});

describe('what others print', () => {
  it('goes into the debug log: console, and warnings of the process', () => {
    const { lines, stderr } = around(async () => {
      const methods = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'dir', 'table'] as const;
      // biome-ignore lint/suspicious/noConsole: what a library would do
      for (const method of methods) console[method]('::stop-commands::x', { token: 'in-an-object' });
      process.emitWarning('a warning');
      process.emitWarning('an old thing', 'DeprecationWarning', 'DEP0000');
      await new Promise((go) => setImmediate(go));
    });
    expect(stderr).toBe('');
    expect(lines.filter((line) => !line.startsWith('::debug::'))).toEqual([]);
    expect(lines).toHaveLength(10);
    expect(lines.join()).not.toContain('in-an-object');
  });

  it.each<[string, Parameters<typeof around>[0]]>([
    ['a rejection that nobody awaits', () => void Promise.reject(new TypeError('hunter2 is bad'))],
    [
      'an error that nobody catches',
      () =>
        void setImmediate(() => {
          throw new TypeError('hunter2 is bad');
        }),
    ],
    ['a rejection with a text', () => void Promise.reject('hunter2')],
  ])('fails the step without its text: %s', (_, story) => {
    const { lines, stderr, status } = around(story);
    expect(status).toBe(1);
    expect(stderr).toBe('');
    expect(lines.filter((line) => line.startsWith('::error::'))).toEqual([
      expect.stringContaining('[internal/unexpected]'),
    ]);
    expect(lines.join()).not.toContain('hunter2');
  });
});

describe('a runner that is gone', () => {
  it('does not keep the process: writing to nobody is no error that is told to nobody', async () => {
    const { status, signal } = await deserted((runner) => {
      setTimeout(() => runner.say('is anybody there?'), 300);
      setTimeout(() => runner.say('nobody'), 400);
    });
    expect({ status, signal }).toEqual({ status: 0, signal: null });
  });
});

describe('the end of the step', () => {
  it('is a failure where that was said, once the process ends by itself', () => {
    const { lines, status } = around((runner) => {
      runner.fail();
      runner.say('still here');
    });
    expect(lines).toEqual(['still here']);
    expect(status).toBe(1);
  });
  it('is none where only an error was told', () => {
    expect(around((runner) => runner.error('x')).status).toBe(0);
  });
});

describe('variables and outputs', () => {
  const VALUES = { A: 'one', B: 'two\nlines\n', C: 'x=y<<z', D: '' };

  /** Reads a command file back as the runner does. */
  function parsed(text: string): Record<string, string> {
    const found: Record<string, string> = {};
    for (const [, name = '', , value = ''] of text.matchAll(/^([^\n=]+?)<<(\S+)\n([\s\S]*?)\n?\2\n/gm))
      found[name] = value;
    return found;
  }

  it('are written in one append each, and can be read back', () => {
    const { files, lines } = around(async (runner) => {
      const fs = await import('node:fs');
      const { syncBuiltinESMExports } = await import('node:module');
      const append = fs.default.appendFileSync;
      let appends = 0;
      fs.default.appendFileSync = (...args) => {
        appends += 1;
        return append(...args);
      };
      syncBuiltinESMExports();
      const values = new Map(Object.entries({ A: 'one', B: 'two\nlines\n', C: 'x=y<<z', D: '' }));
      runner.writeEnvironment(values);
      runner.writeOutputs(values);
      runner.writeOutputs(new Map());
      runner.say(`appends: ${appends}`);
    });
    expect(lines).toEqual(['appends: 2']);
    expect(parsed(files.GITHUB_ENV ?? '')).toEqual(VALUES);
    expect(parsed(files.GITHUB_OUTPUT ?? '')).toEqual(VALUES);
  });

  it('have a delimiter of their own, which no value can know', () => {
    const { files } = around((runner) =>
      runner.writeEnvironment(
        new Map([
          ['A', 'a'],
          ['B', 'b'],
        ]),
      ),
    );
    const delimiters = [...(files.GITHUB_ENV ?? '').matchAll(/<<(\S+)/g)].map((m) => m[1]);
    expect(new Set(delimiters).size).toBe(2);
    for (const delimiter of delimiters) expect(delimiter).toMatch(/[0-9a-f-]{36}$/);
  });

  it.each(['GITHUB_ENV', 'GITHUB_OUTPUT'])('are refused without %s', (name) => {
    const { lines } = around(
      (runner) => {
        const write = process.env.GITHUB_ENV ? runner.writeOutputs : runner.writeEnvironment;
        try {
          write(new Map([['A', 'a']]));
        } catch (thrown) {
          runner.say(`refused: ${(thrown as { id: string }).id}`);
        }
      },
      { [name]: '' },
    );
    expect(lines).toEqual(['refused: run/not-actions']);
  });

  it('say nothing on standard output', () => {
    const { lines } = around((runner) => {
      runner.writeEnvironment(new Map([['A', 'secret-value']]));
      runner.writeOutputs(new Map([['a', 'secret-value']]));
      runner.save('NAME', 'secret-value');
    });
    expect(lines).toEqual([]);
  });
});

describe('what the runner gives', () => {
  it('are inputs as it names them, state, and variables; empty is absent', () => {
    const { lines } = around(
      (runner) => {
        const given = [
          runner.input('aws-region'),
          runner.input('vault-url'),
          runner.input('absent'),
          runner.env('EMPTY'),
          runner.env('FULL'),
          runner.state('KEPT'),
          runner.state('GONE'),
          runner.inputNames().toSorted(),
          runner.stateNames().toSorted(),
        ];
        runner.say(JSON.stringify(given.map((value) => value ?? null)));
      },
      {
        'INPUT_AWS-REGION': 'eu-west-1',
        'INPUT_VAULT-URL': '',
        INPUT_X: 'y',
        EMPTY: '',
        FULL: 'f',
        STATE_KEPT: 'k',
        STATE_OTHER: 'o',
      },
    );
    expect(JSON.parse(lines[0] ?? '')).toEqual([
      'eu-west-1',
      null,
      null,
      null,
      'f',
      'k',
      null,
      ['aws-region', 'x'],
      ['KEPT', 'OTHER'],
    ]);
  });

  it('loses the switches that would print headers and bodies', () => {
    const switches = ['AZURE_LOG_LEVEL', 'GOOGLE_SDK_NODE_LOGGING', 'DEBUG', 'NODE_DEBUG', 'NODE_DEBUG_NATIVE'];
    const { lines } = around(
      (runner) =>
        runner.say(
          Object.keys(process.env)
            .filter((name) => /DEBUG|LOG/.test(name))
            .join() || 'none',
        ),
      Object.fromEntries(switches.map((name) => [name, name === 'NODE_DEBUG_NATIVE' ? '' : 'x'])),
    );
    expect(lines).toEqual(['none']);
  });

  it('shows no header where NODE_DEBUG asks for that, though Node has read it before us', () => {
    const { stderr, lines } = around(
      async () => {
        const https = process.getBuiltinModule('node:https');
        const headers = { authorization: 'Bearer hunter2' };
        const asked = https.request('https://127.0.0.1:9/', { headers });
        await new Promise((go) => asked.on('error', go).end());
      },
      { NODE_DEBUG: 'https,http' },
    );
    expect(`${stderr}${lines.join()}`).not.toContain('hunter2');
  });

  it('keeps state in its file, readable by the name it was saved under', () => {
    const { files } = around((runner) => runner.save('WORKLOAD_IDENTITY_1', '{"a":"b"}'));
    expect(files.GITHUB_STATE).toMatch(/^WORKLOAD_IDENTITY_1<<\S+\n\{"a":"b"\}\n\S+\n$/);
  });
});
