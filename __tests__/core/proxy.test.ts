import { Failure } from '../../src/core/failure.ts';
import { proxySecrets, proxySettings } from '../../src/core/proxy.ts';

const settings = (env: Record<string, string>) => proxySettings((name) => env[name] || undefined);

describe('proxy variables', () => {
  it.each<[Record<string, string>, string | undefined]>([
    [{}, undefined],
    [{ HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128'],
    [{ HTTPS_PROXY: 'proxy.example.com:3128' }, 'http://proxy.example.com:3128'],
    [{ HTTPS_PROXY: '10.0.0.1:3128' }, 'http://10.0.0.1:3128'],
    [{ HTTPS_PROXY: 'https://proxy:3129/' }, 'https://proxy:3129'],
    [{ https_proxy: 'http://lower:1' }, 'http://lower:1'],
    [{ HTTPS_PROXY: 'http://upper:1', https_proxy: 'http://lower:1' }, 'http://upper:1'],
    [{ HTTP_PROXY: 'http://fallback:1' }, 'http://fallback:1'],
    [{ http_proxy: 'http://fallback:1' }, 'http://fallback:1'],
    [{ https_proxy: 'http://lower:1', HTTP_PROXY: 'http://fallback:1' }, 'http://lower:1'],
    [{ HTTPS_PROXY: '', HTTP_PROXY: 'http://fallback:1' }, 'http://fallback:1'],
    [{ HTTPS_PROXY: 'user:p%40ss@proxy:3128' }, 'http://user:p%40ss@proxy:3128'],
    [{ NO_PROXY: 'example.com' }, undefined],
  ])('%j → %j', (env, proxy) => {
    expect(settings(env).proxy).toBe(proxy);
  });

  it.each(['socks5://proxy:1080', 'socks://proxy', 'ftp://proxy', 'http://', 'http://pro xy'])(
    'refuses %s, which Node would go round in silence',
    (given) => {
      expect(() => settings({ HTTPS_PROXY: given })).toThrow(Failure);
      expect(() => settings({ HTTPS_PROXY: given })).toThrow(expect.objectContaining({ id: 'network/proxy' }));
    },
  );

  it('does not repeat the password of a proxy it refuses', () => {
    expect(() => settings({ HTTPS_PROXY: 'socks5://user:s3cret@proxy' })).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('s3cret') }),
    );
  });
});

describe('NO_PROXY', () => {
  const PROXY = { HTTPS_PROXY: 'http://proxy:1' };
  it.each([
    ['example.com', ['example.com', '.example.com']],
    ['.example.com', ['.example.com']],
    ['*.example.com', ['*.example.com']],
    ['*', ['*']],
    ['localhost,127.0.0.1', ['localhost', '127.0.0.1', '.localhost']],
    ['a.com, b.com c.com', ['a.com', 'b.com', 'c.com', '.a.com', '.b.com', '.c.com']],
    ['vault:8200', ['vault:8200']],
  ])("%j covers subdomains, as curl's rule does", (given, names) => {
    expect(settings({ ...PROXY, NO_PROXY: given }).noProxy?.split(',')).toEqual(names);
  });
  it('is read in lower case too, upper case first', () => {
    expect(settings({ ...PROXY, no_proxy: '*' }).noProxy).toBe('*');
    expect(settings({ ...PROXY, no_proxy: '*', NO_PROXY: '.a' }).noProxy).toBe('.a');
  });
  it('is absent where it is empty', () => {
    expect(settings(PROXY)).toEqual({ proxy: 'http://proxy:1' });
  });
});

describe('proxySecrets', () => {
  it('are the password as written and decoded, and the basic credentials', () => {
    const basic = Buffer.from('user:p@ss').toString('base64');
    expect(proxySecrets('http://user:p%40ss@proxy:1')).toEqual(['p@ss', 'p%40ss', basic]);
  });
  it.each(['http://proxy:1', 'http://user@proxy:1'])('are none in %s', (proxy) => {
    expect(proxySecrets(proxy)).toEqual([]);
  });
  it('takes a password with a lone percent sign', () => {
    expect(proxySecrets('http://user:100%pure@proxy:1')).toContain('100%pure');
  });
});
