// Waiting that ends with the world: no timer outlives stop().

export class Pauses {
  readonly #waiting = new Set<() => void>();
  #stopped = false;

  /** Resolves after `ms`, or at once when the world stops; true if the time has really passed. */
  wait(ms: number): Promise<boolean> {
    if (this.#stopped) return Promise.resolve(false);
    return new Promise((resolve) => {
      const settle = (passed: boolean) => {
        clearTimeout(timer);
        this.#waiting.delete(abandon);
        resolve(passed);
      };
      const abandon = () => settle(false);
      const timer = setTimeout(() => settle(true), ms);
      this.#waiting.add(abandon);
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const abandon of this.#waiting) abandon();
  }
}
