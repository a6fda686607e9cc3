// The tests against real parts: `npm run test:real`. Each file starts its own servers; a test takes seconds, so two files run at a time.
import base from './jest.config.js';

// biome-ignore lint/style/noDefaultExport: Jest reads the default export.
export default {
  ...base,
  roots: ['<rootDir>/__tests__/real'],
  testMatch: ['**/*.real.ts'],
  testTimeout: 120_000,
  maxWorkers: 2,
};
