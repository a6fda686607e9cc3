// The floor's post: revokes the token and removes the files, where there are any. What is not needed is not loaded.
import { rmSync } from 'node:fs';

const { STATE_folder: folder, STATE_token: token, STATE_url: url } = process.env;

if (folder) rmSync(folder, { recursive: true });
if (token && url) {
  const { ask, hangUp } = await import('./wire.ts');
  await ask('POST', `${url}/auth/token/revoke-self`, { 'x-vault-token': token });
  hangUp();
}
