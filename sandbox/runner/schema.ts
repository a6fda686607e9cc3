// GitHub's own workflow and action schema, from its language server's package. It judges (unknown keys, contexts that a place does not allow);
// what is run is read from the YAML itself, because the package's model lacks permissions, defaults and timeouts.

/** Throws with every mistake GitHub would report, each with file, line and column. */
export async function checkWorkflow(name: string, content: string): Promise<void> {
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await load('@actions/workflow-parser');
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  if (value !== undefined) await convertWorkflowTemplate(context, value);
  report(context.errors.getErrors());
}

/** The same for an action.yml. */
export async function checkAction(name: string, content: string): Promise<void> {
  const { parseAction } = await load('@actions/workflow-parser/actions/index');
  const { NoOperationTraceWriter } = await load('@actions/workflow-parser');
  report(parseAction({ name, content }, new NoOperationTraceWriter()).context.errors.getErrors());
}

interface ParserModule {
  '@actions/workflow-parser': typeof import('@actions/workflow-parser');
  '@actions/workflow-parser/actions/index': typeof import('@actions/workflow-parser/actions/index');
}

// The package imports a JSON file without saying so, which Node refuses; a loader hook says it. Other loaders (Jest's) need no hook, and refuse it.
let mended = false;
function mend(): void {
  if (mended) return;
  mended = true;
  try {
    process.getBuiltinModule('node:module').registerHooks({
      load: (url, context, next) =>
        url.endsWith('.json') ? next(url, { ...context, importAttributes: { type: 'json' } }) : next(url, context),
    });
  } catch {
    // If that was the wrong guess, the import says so.
  }
}

async function load<Name extends keyof ParserModule>(name: Name): Promise<ParserModule[Name]> {
  mend();
  return name === '@actions/workflow-parser'
    ? ((await import('@actions/workflow-parser')) as ParserModule[Name])
    : ((await import('@actions/workflow-parser/actions/index')) as unknown as ParserModule[Name]);
}

function report(errors: readonly { readonly message: string }[]): void {
  if (errors.length > 0) throw new Error(errors.map((error) => error.message).join('\n'));
}
