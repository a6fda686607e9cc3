// Which strings Google takes as OAuth scopes.

const OTHER = new Set(['openid', 'email', 'profile', 'https://mail.google.com/']);

/** The form is checked, not whether Google has such a scope. */
export function knownScope(scope: string): boolean {
  return /^https:\/\/www\.googleapis\.com\/auth\/[a-z][\w.-]*$/.test(scope) || OTHER.has(scope);
}
