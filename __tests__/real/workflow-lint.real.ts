// The linters find what they are there for: one mistake at a time, planted in an otherwise clean repository.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parts, ROOT } from '../../real/parts.ts';
import { lintWorkflows } from '../../real/workflow-lint.ts';

const CI = `
name: CI
on: push
permissions:
  contents: read
concurrency:
  group: ci
  cancel-in-progress: true
jobs:
  ci:
    name: CI
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - run: .ci/run
`;

const README = `
# Page

\`\`\`yaml
name: deploy
on: push
permissions:
  id-token: write
jobs:
  deploy:
    runs-on: ubuntu-latest
    steps:
      - id: federate
        uses: your-org/workload-identity@v1
        with:
          aws-role-arn: arn:aws:iam::123456789012:role/deploy
          aws-region: eu-west-1
      - run: aws sts get-caller-identity
      - run: echo "$SESSION"
        env:
          SESSION: \${{ steps.federate.outputs.aws-session-arn }}
\`\`\`
`;

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lint-test-'));
  mkdirSync(join(root, '.github', 'workflows'), { recursive: true });
  cpSync(join(ROOT, 'action.yml'), join(root, 'action.yml'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function lint(ci: string, readme: string): Promise<string[]> {
  writeFileSync(join(root, '.github', 'workflows', 'ci.yml'), ci);
  writeFileSync(join(root, 'README.md'), readme);
  return lintWorkflows(parts(), root);
}

it('nothing, where nothing is wrong', async () => {
  expect(await lint(CI, README)).toEqual([]);
});

it.each([
  [
    'an input that action.yml lacks',
    CI,
    README.replace('aws-region', 'aws-regoin'),
    /input "aws-regoin" is not defined/,
  ],
  ['an output that action.yml lacks', CI, README.replace('aws-session-arn', 'aws-arn'), /"aws-arn" is not defined/],
  ['a permission that does not exist', CI.replace('contents: read', 'contents: reed'), README, /"reed" is/],
  ['an action of ours that is not pinned by hash', CI.replace(/@3d3c\w+ # v7.0.1/, '@v7'), README, /unpinned-uses/],
  ['a checkout that leaves its token behind', CI.replace(/ +with:\n.*false\n/, ''), README, /artipacked/],
  [
    'a text of a stranger in a script',
    CI.replace('.ci/run', `echo \${{ github.head_ref }}`),
    README,
    /untrusted|template-injection/,
  ],
])('%s', async (_mistake, ci, readme, finding) => {
  expect([ci, readme]).not.toEqual([CI, README]);
  expect((await lint(ci, readme)).join('\n')).toMatch(finding);
});

it('a page without a workflow is an error: there would be nothing to lint', async () => {
  await expect(lint(CI, '# Page\n')).rejects.toThrow('There is no workflow');
});
