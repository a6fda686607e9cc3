// The world's time: the machine's, shifted. Everything that expires in the sandbox asks here, so that a test can let an hour pass.

export class WorldClock {
  #shift = 0;
  /** Milliseconds since the epoch, as the world has it. */
  now(): number {
    return Date.now() + this.#shift;
  }
  /** Whole seconds since the epoch, as JWTs count. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }
  /** Lets `ms` pass at once. */
  advance(ms: number): void {
    this.#shift += ms;
  }
}
