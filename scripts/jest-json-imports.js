// For Jest: `@actions/workflow-parser` imports JSON without an import attribute, which Jest's next major refuses and this one warns of in every file.
// biome-ignore lint/style/noDefaultExport: Jest reads the default export.
export default {
  process: (code) => ({ code: code.replace(/ from (["'])(\.[^"']*\.json)\1;/g, " from '$2' with { type: 'json' };") }),
};
