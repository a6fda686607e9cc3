import { errorOf } from '../../../src/providers/aws/error.ts';
import { LOGIN_PAGE } from '../../literals/wire.ts';

const NOTHING = { code: '', message: '', requestId: '' };
const body = (code: string, message: string) =>
  `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
    <Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>
    <RequestId>c6104cbe-af31-11e0</RequestId>
  </ErrorResponse>`;

describe("STS's error document", () => {
  it('has a code, a message and a request id', () => {
    expect(errorOf(body('AccessDenied', 'Not authorized to perform sts:AssumeRoleWithWebIdentity'))).toEqual({
      code: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      requestId: 'c6104cbe-af31-11e0',
    });
  });

  it.each([
    ['&lt;a href=&quot;x&quot;&gt; &amp; &apos;b&apos;', `<a href="x"> & 'b'`],
    ['&amp;lt;', '&lt;'],
    ['&#60;&nbsp;&unknown;', '&#60;&nbsp;&unknown;'],
    ["Couldn't retrieve verification key", "Couldn't retrieve verification key"],
  ])('decodes the five entities, once: %s', (written, read) => {
    expect(errorOf(body('InvalidIdentityToken', written)).message).toBe(read);
  });

  it.each([
    ['a login page', LOGIN_PAGE],
    ['nothing', ''],
    ['JSON', '{"Error":{"Code":"AccessDenied"}}'],
    ['a DOCTYPE', `<!DOCTYPE x [<!ENTITY a "b">]>${body('AccessDenied', '&a;')}`],
    ['a doctype in lower case', `<!doctype x>${body('AccessDenied', 'x')}`],
    ['a success', '<AssumeRoleWithWebIdentityResponse><Code>AccessDenied</Code></AssumeRoleWithWebIdentityResponse>'],
    ['an S3 error', '<Error><Code>AccessDenied</Code></Error>'],
  ])('is not %s', (_, text) => {
    expect(errorOf(text)).toEqual(NOTHING);
  });

  it.each(['a b', '::error::', 'x'.repeat(81), '', 'A\nB'])('has no code of another form: %j', (code) => {
    expect(errorOf(body(code, 'm')).code).toBe('');
  });
});
