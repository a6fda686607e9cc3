// The matrix can be wrong: what is not printed is not done, what does not help is a miss, and a cause that is not named is none.
import { carryOut } from '../../matrix/desk.ts';
import { obey, paste } from '../../matrix/follow.ts';
import { play } from '../../matrix/play.ts';
import { GROUPS } from '../../matrix/rows/index.ts';
import { INPUTS, scene } from '../../matrix/scene.ts';
import { commandsOf, documentsOf, words } from '../../matrix/shell-words.ts';
import { step } from '../../matrix/stage.ts';
import { isRight, matrixDocument, misses, share } from '../../matrix/table.ts';

const ROWS = GROUPS.flatMap(([, rows]) => rows);
const [row] = ROWS.filter(({ mistake }) => mistake === 'The trust is for another branch');
if (!row) throw new Error('the row is gone');

describe('a row', () => {
  it('whose cause is not printed is not right', async () => {
    const outcome = await play({ ...row, cause: /nobody says this/ });
    expect([outcome.cause, isRight(outcome)]).toEqual(['no', false]);
  });

  it('with another id is not right', async () => {
    expect(isRight(await play({ ...row, id: 'aws/other' }))).toBe(false);
  });

  it('whose fix is not printed, or does not help, is a miss by name', async () => {
    const outcomes = [
      await play({ ...row, fix: obey(/not printed/, (at) => at) }),
      await play({ ...row, fix: obey(/./, (at) => at) }),
    ];
    expect(outcomes.map(({ fixed }) => fixed)).toEqual([false, false]);
    expect(misses([['x', outcomes]])).toHaveLength(2);
    expect(share([['x', outcomes]])).toBe(1);
    expect(matrixDocument([['x', outcomes]])).toContain(`Misses: ${row.mistake}; ${row.mistake}.`);
  });

  it('that is no mistake is not right', async () => {
    const outcome = await play({ ...row, scene: scene(INPUTS.aws) });
    expect([outcome.ids, outcome.fixed, isRight(outcome)]).toEqual([['passed'], false, false]);
  });
});

describe('the stage', () => {
  it.each(Object.entries(INPUTS))('%s: what is right passes, with nothing said', async (_, inputs) => {
    const told = await step(scene(inputs));
    expect([told.passed, told.errors, told.warnings]).toEqual([true, [], []]);
  });
});

describe('what is printed', () => {
  it('is read as a shell reads it', () => {
    expect(words(`aws x --a 'b c'"d" 'it'\\''s' e=f`)).toEqual(['aws', 'x', '--a', 'b cd', "it's", 'e=f']);
    const lines = [
      'Text with `vault write` and `gcloud services enable x`.',
      "vault write 'auth/jwt/role/ci' - <<'JSON'",
      '{',
      '}',
      'JSON',
    ];
    expect(commandsOf(lines)).toEqual([
      { words: ['gcloud', 'services', 'enable', 'x'] },
      { words: ['vault', 'write', 'auth/jwt/role/ci', '-'], input: '{\n}' },
    ]);
    expect(documentsOf(['{', '  "a": 1', '}', 'x'])).toEqual([{ a: 1 }]);
  });

  it('is not guessed: a command that nobody knows is an error, and nothing to paste too', () => {
    const { trust } = scene(INPUTS.aws);
    for (const program of [
      'aws iam delete-role x',
      'az group delete x',
      'gcloud projects delete x',
      'vault delete x y',
    ])
      expect(() => carryOut({ words: program.split(' ') }, trust)).toThrow('nobody knows how to');
    const told = {
      log: ['- Run the job again.'],
      passed: false,
      ids: [],
      errors: [],
      warnings: [],
      summary: '',
      asked: [],
    };
    expect(() => paste(told, scene(INPUTS.aws))).toThrow('nothing was printed to paste');
  });
});
