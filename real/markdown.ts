// The fenced blocks of a Markdown page: what a reader would copy, so what a test runs.

export interface Block {
  /** The word behind the fence: `yaml`, `sh`. */
  readonly language: string;
  readonly text: string;
  /** Line of the fence in the page, from 1. */
  readonly line: number;
}

/** All fenced blocks of `page` that start at the beginning of a line, in order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  const lines = page.split('\n');
  let open: { language: string; line: number; text: string[] } | undefined;
  for (const [index, line] of lines.entries()) {
    const fence = /^```(\w*)\s*$/.exec(line);
    if (!fence) open?.text.push(line);
    else if (!open) open = { language: fence[1] ?? '', line: index + 1, text: [] };
    else {
      blocks.push({ language: open.language, line: open.line, text: `${open.text.join('\n')}\n` });
      open = undefined;
    }
  }
  return blocks;
}

/** Those of them that are whole workflows. */
export function workflowsOf(page: string): Block[] {
  return blocksOf(page).filter(({ language, text }) => /^ya?ml$/.test(language) && /^jobs:/m.test(text));
}
