// What the log does not show: each added value and its encodings, exact and case-sensitive, everywhere, from the moment it is added.
import { encoders } from './encoders.ts';

export class Masker {
  readonly #values = new Set<string>();
  readonly #forms = new Set<string>();

  /** Adds one value in all its forms. There is no minimum length; the empty string is ignored. */
  add(value: string): void {
    if (value === '' || this.#values.has(value)) return;
    this.#values.add(value);
    this.#forms.add(value);
    for (const encode of Object.values(encoders)) {
      const form = encode(value);
      if (form !== '') this.#forms.add(form);
    }
  }

  /** What `::add-mask::` does: the whole, then each line by itself, trimmed. */
  addWithLines(value: string): void {
    this.add(value);
    for (const line of value.split(/[\r\n]/)) this.add(line.trim());
  }

  /** The values as they were added, without their encodings. */
  values(): readonly string[] {
    return [...this.#values];
  }

  /** True if the text would be changed: how a job output is found to hold a secret. */
  hides(text: string): boolean {
    return this.mask(text) !== text;
  }

  /** The text with every form replaced; forms that overlap or touch become one `***`. */
  mask(text: string): string {
    const spans = this.#spans(text);
    let shown = '';
    let from = 0;
    for (const { start, end } of spans) {
      shown += `${text.slice(from, start)}***`;
      from = end;
    }
    return shown + text.slice(from);
  }

  #spans(text: string): { start: number; end: number }[] {
    const found: { start: number; end: number }[] = [];
    for (const form of this.#forms) {
      for (let at = text.indexOf(form); at >= 0; at = text.indexOf(form, at + 1)) {
        found.push({ start: at, end: at + form.length });
      }
    }
    found.sort((a, b) => a.start - b.start);
    const merged: { start: number; end: number }[] = [];
    for (const span of found) {
      const last = merged.at(-1);
      if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
      else merged.push({ ...span });
    }
    return merged;
  }
}
