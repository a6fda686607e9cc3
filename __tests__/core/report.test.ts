import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import type { Credential, Ending, Grant } from '../../src/core/grant.ts';
import { reportOf } from '../../src/core/report.ts';
import { START } from '../literals/clock.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../docs/report.schema.json'), 'utf8'));
const valid = new Ajv({ allErrors: true }).compile(schema);

const grantOf = (...credentials: Credential[]): Grant => ({
  cloud: 'aws',
  credentials,
  variables: [],
  outputs: [],
  secretOutputs: [],
  files: [],
  remarks: [],
  warnings: [],
});
const session: Credential = {
  cloud: 'aws',
  kind: 'AWS session',
  holder: 'arn:aws:sts::123456789012:assumed-role/deploy/gh-1',
  expiresAt: START + 3_600_000,
  ending: 'expires',
  requestId: 'c6104cbe-af31-11e0-8154-cbc7ccf896c7',
};
const report = (...credentials: Credential[]) => JSON.parse(reportOf([grantOf(...credentials)], START));

describe('the report', () => {
  it('says what was issued, to whom, until when and how it ends', () => {
    expect(
      report(session, {
        cloud: 'vault',
        kind: 'Vault lease',
        holder: 'ci',
        scope: 'database/creds/ro',
        ending: 'revoked by post',
      }),
    ).toEqual({
      version: 1,
      'issued-at': '2026-11-25T12:00:00Z',
      credentials: [
        {
          cloud: 'aws',
          kind: 'AWS session',
          holder: 'arn:aws:sts::123456789012:assumed-role/deploy/gh-1',
          'expires-at': '2026-11-25T13:00:00Z',
          ending: 'expires',
          'request-id': 'c6104cbe-af31-11e0-8154-cbc7ccf896c7',
        },
        { cloud: 'vault', kind: 'Vault lease', holder: 'ci', scope: 'database/creds/ro', ending: 'revoked by post' },
      ],
    });
  });

  it('is one line', () => {
    expect(reportOf([grantOf(session)], START)).not.toContain('\n');
  });

  it('holds no free text', () => {
    const { credentials } = report({
      ...session,
      holder: '$(curl evil)\n::add-mask::x',
      scope: '`id`',
      requestId: '"; rm -rf /',
    });
    expect(Object.values(credentials[0]).join('')).not.toMatch(/[$`"\n;()]/);
  });

  it.each<Ending>(['revoked by post', 'revoked by main', 'queued by post', 'expires', 'denied after'])(
    'fits its schema with the ending "%s"',
    (ending) => {
      expect(valid(report({ ...session, ending }))).toBe(true);
    },
  );

  it('fits its schema, whatever servers said', () => {
    const words = fc.string({ unit: 'binary', maxLength: 400 });
    const credential = fc.record(
      {
        cloud: fc.constantFrom('aws', 'azure', 'gcp', 'vault'),
        kind: fc.constantFrom('AWS session', 'Vault lease'),
        holder: words,
        scope: words,
        expiresAt: fc.integer({ min: 0, max: Date.UTC(9999, 0) }),
        ending: fc.constantFrom<Ending>('expires', 'revoked by post'),
        requestId: words,
      },
      { requiredKeys: ['cloud', 'kind', 'holder', 'ending'] },
    ) as fc.Arbitrary<Credential>;
    fc.assert(
      fc.property(fc.array(credential, { maxLength: 5 }), (credentials) => {
        valid(report(...credentials));
        expect(valid.errors ?? []).toEqual([]);
      }),
    );
  });

  it('has a kind that fits its schema, whatever type of token a server names', () => {
    const odd = report({ ...session, cloud: 'vault', kind: 'Vault service;$(x) token' });
    expect(valid(odd)).toBe(true);
  });

  it.each([
    ['another version', { version: 2 }],
    ['a member of its own', { secret: 'x' }],
    ['a time of another form', { 'issued-at': '2026-11-25 12:00' }],
  ])('has a schema that refuses %s', (_, change) => {
    expect(valid({ ...report(session), ...change })).toBe(false);
  });
});
