// The methods of fetch's Headers that the bundled packages use; the real one would load undici.
export class Headers {
  #values = new Map();
  constructor(init) {
    if (!init) return;
    for (const [name, value] of typeof init[Symbol.iterator] === 'function' ? init : Object.entries(init))
      this.append(name, value);
  }
  append(name, value) {
    const key = name.toLowerCase();
    this.#values.set(key, this.#values.has(key) ? `${this.#values.get(key)}, ${value}` : String(value));
  }
  set(name, value) {
    this.#values.set(name.toLowerCase(), String(value));
  }
  get(name) {
    return this.#values.get(name.toLowerCase()) ?? null;
  }
  has(name) {
    return this.#values.has(name.toLowerCase());
  }
  delete(name) {
    this.#values.delete(name.toLowerCase());
  }
  forEach(callback) {
    for (const [name, value] of this.#values) callback(value, name, this);
  }
  entries() {
    return this.#values.entries();
  }
  [Symbol.iterator]() {
    return this.#values.entries();
  }
}
