import { LOGIN_FILE, settingsFile, withAssertion } from '../../../src/providers/azure/cli-files.ts';
import { CLI_USE, FILE_USE } from '../../../src/providers/azure/request.ts';
import { charges } from '../../../src/providers/azure/upkeep.ts';
import { exchangePorts } from '../../literals/exchange-ports.ts';
import { CLAIMS, identities } from '../../literals/identity.ts';
import { recordingKeep } from '../../literals/keep.ts';
import { scripted } from '../../literals/wire.ts';

const CLIENT = 'abcdef11-1111-4111-8111-111111111111';
const OTHER = { client_id: 'somebody-else', tenant: 't', client_secret: 's' };
const OURS = { client_id: CLIENT, tenant: 't', client_assertion: 'old' };
const REQUEST = { audience: 'api://AzureADTokenExchange', clientId: CLIENT };

describe('the login that az keeps', () => {
  it('gets another identity token, and everything else in it stays', () => {
    const written = withAssertion(JSON.stringify([OTHER, OURS]), CLIENT.toUpperCase(), 'new');
    expect(JSON.parse(written ?? '')).toEqual([OTHER, { ...OURS, client_assertion: 'new' }]);
  });

  it.each([
    ['there is none', undefined],
    ['it is empty', '[]'],
    ['a later step logged in as somebody else', JSON.stringify([OTHER])],
    ['a later step gave this client a secret', JSON.stringify([{ client_id: CLIENT, client_secret: 's' }])],
    ['it is encrypted', '\u0001\u0000\u0000'],
    ['it is in another form', '{"entries":[]}'],
  ])('is left alone where %s', (_, content) => {
    expect(withAssertion(content, CLIENT, 'new')).toBeUndefined();
  });

  it('is readable on every platform', () => {
    expect(settingsFile('public')).toContain('encrypt_token_cache = false');
  });
});

describe('what is kept fresh', () => {
  const loginFile = `azure-cli/${LOGIN_FILE}`;

  it.each([
    ['the token file alone', { lifeMs: 300_000 }, [FILE_USE]],
    ['the login of az alone', { loginFile, loginMs: 300_000 }, [CLI_USE]],
    ['both', { lifeMs: 300_000, loginFile, loginMs: 300_000 }, [FILE_USE, CLI_USE]],
  ])('is %s, each with an identity token of its own', (_, handover, uses) => {
    const all = charges(REQUEST, handover);
    expect(all.map(({ audiences }) => audiences)).toEqual(uses.map((use) => ({ [use]: REQUEST.audience })));
    expect(new Set(all.map(({ renewAfterMs }) => renewAfterMs))).toEqual(new Set([100_000]));
  });

  it('goes into the file of az by what is in it then', async () => {
    const [charge] = charges(REQUEST, { loginFile, loginMs: 300_000 });
    if (charge?.form.kind !== 'file') throw new Error('no file');
    expect(charge.form.name).toBe(loginFile);
    const tokens = identities({ ...CLAIMS, aud: REQUEST.audience });
    const { value } = await charge.renew(tokens, exchangePorts(scripted().send), recordingKeep());
    expect(value).toBe(tokens.get(CLI_USE).token.reveal());
    expect(charge.form.within?.(JSON.stringify([OURS]), value)).toContain(value);
  });
});
