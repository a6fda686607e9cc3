// The job summary after a refusal, and of `check-only`: what was asked, what each cloud said, the claims, and the trust in every form.
import { verdicts } from './core/binding.ts';
import { type Claims, SHOWN_CLAIMS } from './core/claims.ts';
import { type Documents, inOrder, type Snippet } from './core/documents.ts';
import type { Failure } from './core/failure.ts';
import { annotated, code, escaped, fenced, folded, prose, table } from './core/markdown.ts';
import type { Finding } from './core/probe.ts';
import { shown } from './core/subject.ts';
import { speaker } from './summary.ts';

export interface ToldFailure {
  /** Of the cloud; undefined: the step itself. */
  readonly title?: string;
  readonly failure: Failure;
  readonly documents?: Documents;
}

/** Cause, what was answered, fixes and trust of each failure; then what was asked, and the claims. */
export function failureSummary(
  failures: readonly ToldFailure[],
  plan: readonly string[],
  claims: Claims | undefined,
  hint: string | undefined,
): string {
  return [
    '### Workload identity: no credentials',
    '',
    'Nothing was exported, and what had been obtained was ended.',
    '',
    ...failures.flatMap(failureBlock),
    ...(hint ? [`> ${escaped(hint)}`, ''] : []),
    ...(claims ? claimsBlock(claims) : []),
    ...planBlock(plan),
  ].join('\n');
}

function failureBlock({ title, failure, documents }: ToldFailure): string[] {
  return [
    `#### ${title ? `${escaped(title)}: ` : ''}${escaped(failure.message)}`,
    '',
    ...answerLines(failure),
    ...failure.fixes.map((fix) => `- ${prose(fix)}`),
    '',
    ...(documents ? trustBlock(documents) : []),
    ...(documents?.links.length ? [`Official pages: ${documents.links.map(link).join(' · ')}`, ''] : []),
  ];
}

function answerLines({ id, evidence }: Failure): string[] {
  const { host, status, code: number, said, requestId } = evidence;
  const facts = [
    code(`[${id}]`),
    host && code(host),
    status && `status ${status}`,
    number && code(number),
    requestId && `request ${code(requestId)}`,
  ].filter(Boolean);
  return [facts.join(' · '), '', ...(said ? [`> ${escaped(said)}`, ''] : [])];
}

/** The host alone: the address is long, and says little. */
function link(url: string): string {
  return `[${new URL(url).host}](${url})`;
}

/** Every form, folded up; a refusal of ours stands as it is. */
export function trustBlock({ refused, snippets, notes }: Documents): string[] {
  if (refused !== undefined) return [`> ${escaped(refused)}`, ''];
  const block = (snippet: Snippet) => [`**${escaped(snippet.title)}**`, '', ...fenced(snippet.language, snippet.lines)];
  const ready = snippets.filter((snippet) => snippet.place !== 'setup');
  const setup = inOrder(snippets.filter((snippet) => snippet.place === 'setup'));
  return [
    ...folded('The trust that accepts this job, ready to paste', [
      ...notes.map((note) => `- ${escaped(note)}`),
      '',
      ...ready.flatMap(block),
    ]),
    ...(setup.length > 0 ? folded('Where nothing is set up yet', setup.flatMap(block)) : []),
  ];
}

/** What the token says, and what a trust should hold of it. */
export function claimsBlock(claims: Claims): string[] {
  const verdict = new Map(verdicts(claims).map((one) => [one.claim, one]));
  const rows = SHOWN_CLAIMS.map((name) => {
    const { bind, why = '' } = verdict.get(name) ?? {};
    const value = shown(claims, name);
    return [
      code(name),
      value === 'MISSING' ? '*absent*' : code(value),
      bind === undefined ? '' : bind ? '**yes**' : 'no',
      escaped(why),
    ];
  });
  return folded(
    'The claims that were presented, and what to bind a trust to',
    table(['Claim', 'Presented', 'Bind', 'Why'], rows),
  );
}

function planBlock(plan: readonly string[]): string[] {
  return plan.length > 0
    ? folded(
        'What was asked',
        plan.map((line) => `- ${escaped(line)}`),
      )
    : [];
}

export interface CheckedCloud {
  readonly title: string;
  readonly findings: readonly Finding[];
  readonly documents: Documents;
}

/** What `check-only` found. */
export function checkSummary(
  issuer: Finding,
  clouds: readonly CheckedCloud[],
  plan: readonly string[],
  claims: Claims,
  warning: string | undefined,
): string {
  const answers = { yes: 'yes', no: 'NO', unknown: 'not known' };
  const row = (title: string) => (finding: Finding, i: number) => [
    i > 0 ? '' : escaped(title),
    annotated(escaped(finding.named), escaped(finding.why)),
    answers[finding.answer],
  ];
  return [
    `### Workload identity: ${speaker(claims)} was checked, and nothing exchanged`,
    '',
    ...(warning ? [`> ${escaped(warning)}`, ''] : []),
    ...table(
      ['Asked', 'Is it there?', 'Answer'],
      [row('GitHub')(issuer, 0), ...clouds.flatMap(({ title, findings }) => findings.map(row(title)))],
    ),
    ...clouds.flatMap(({ title, documents }) => [`#### ${escaped(title)}`, '', ...trustBlock(documents)]),
    ...claimsBlock(claims),
    ...planBlock(plan),
  ].join('\n');
}
