import { blockLines, labelOf, Reference } from '../../src/core/hcl.ts';
import { configuration } from '../administrator/terraform.ts';

it('writes what Terraform reads, aligned as its formatter does', async () => {
  const lines = blockLines({
    type: 'resource',
    labels: ['a_b', 'x'],
    arguments: [
      ['name', 'it\'s "quoted" \\ here'],
      ['longer', 7],
      ['absent', undefined],
      ['map', { 'google.subject': 'assertion.sub', b: 'c' }],
      ['list', ['p', 'q']],
      ['by', new Reference('data.a.b.json')],
    ],
    blocks: [{ type: 'inner', arguments: [['k', 'v']] }],
  });
  expect(lines.slice(1, 4)).toEqual(['  name   = "it\'s \\"quoted\\" \\\\ here"', '  longer = 7', '  map = {']);
  const [object] = (await configuration(lines)).all('a_b');
  expect(object).toEqual({
    label: 'x',
    name: 'it\'s "quoted" \\ here',
    longer: 7,
    map: { 'google.subject': 'assertion.sub', b: 'c' },
    list: ['p', 'q'],
    by: '$\u007bdata.a.b.json}',
    inner: [{ k: 'v' }],
  });
});

it.each(['$\u007bpath.module}', '%{if true}', 'a\nb'])(
  'refuses %j: Terraform would read more than a string',
  (text) => {
    expect(() => blockLines({ type: 'x', arguments: [['a', text]] })).toThrow();
    expect(() => blockLines({ type: 'x', arguments: [['a', [text]]] })).toThrow();
    expect(() => blockLines({ type: 'x', arguments: [['a', { k: text }]] })).toThrow();
    expect(() => blockLines({ type: 'x', labels: [text], arguments: [] })).toThrow();
  },
);

it.each(['a', 'a.b c', '"x".y', 'a.b}'])('takes %j for no reference', (path) => {
  expect(() => new Reference(path)).toThrow();
});

it.each([
  ['deploy', 'deploy'],
  ['ci/deploy@prod', 'ci_deploy_prod'],
  ['1st', '_1st'],
  ['@', '_'],
])('names an object after %s: %s', (text, label) => expect(labelOf(text)).toBe(label));
