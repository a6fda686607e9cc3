// Tests run under the Node of node_modules/.bin (24), which npm puts first on PATH; sources are TypeScript modules as they stand.
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' }, sourceMaps: 'inline' },
    ],
    'node_modules/@actions/workflow-parser/.+\\.js$': '<rootDir>/scripts/jest-json-imports.js',
  },
  transformIgnorePatterns: ['/node_modules/(?!@actions/workflow-parser/)'],
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/*.test.ts'],
  testTimeout: 60_000,
  // Most of a test's time is waiting for processes and clocks, so the usual one core that is kept free is not needed.
  maxWorkers: '100%',
};
