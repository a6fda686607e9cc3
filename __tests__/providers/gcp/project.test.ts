import { impersonationUrl } from '../../../src/providers/gcp/client.ts';
import { projectOf } from '../../../src/providers/gcp/request.ts';

describe("the project in a service account's address", () => {
  it.each([
    ['deploy@my-project.iam.gserviceaccount.com', 'my-project'],
    ['deploy@my-project.example.com.iam.gserviceaccount.com', 'example.com:my-project'],
    ['my-project@appspot.gserviceaccount.com', undefined],
    ['123456789012-compute@developer.gserviceaccount.com', undefined],
    ['123456789012345678901', undefined],
    ['deploy@my-project.iam.gserviceaccount.com.evil.com', undefined],
    [undefined, undefined],
    ['', undefined],
  ])('%s is in %s', (account, project) => {
    expect(projectOf(account)).toBe(project);
  });
});

describe('the address of an impersonation', () => {
  it.each([
    ['ci@p.iam.gserviceaccount.com', 'ci@p.iam.gserviceaccount.com'],
    ['123456789012345678901', '123456789012345678901'],
    ['a/b?c#d@p', 'a%2Fb%3Fc%23d@p'],
  ])('holds the account as one segment: %s', (account, segment) => {
    expect(impersonationUrl(account, 'googleapis.com')).toBe(
      `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${segment}:generateAccessToken`,
    );
  });
});
