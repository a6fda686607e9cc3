// Many calls at once, with a bound; and what lets others have their turn.

/** Runs `work` over all items, at most `limit` at a time; results in the order of the items. The first failure is thrown once nothing is under way any more. */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next++;
      try {
        results[index] = await work(items[index] as T);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** Lets everything that has happened meanwhile be heard: for between two pieces of work that hold up the loop. */
export function turn(): Promise<void> {
  return new Promise((go) => setImmediate(go));
}
