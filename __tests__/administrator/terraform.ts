// Terraform as far as a trust needs it: HCL by HashiCorp's own parser, and objects by type and name.
import { createRequire } from 'node:module';

type Json = Readonly<Record<string, unknown>>;
const { parse } = createRequire(import.meta.url)('@cdktn/hcl2json') as {
  parse(file: string, text: string): Promise<Record<string, unknown>>;
};

export interface Configuration {
  /** Every object of this type (`data.` in front for what is looked up). */
  all(type: string): readonly Json[];
  /** The only one. Throws where there are none or more. */
  only(type: string): Json;
  readonly types: readonly string[];
}

/** Rejects for what is no HCL. */
export async function configuration(lines: readonly string[]): Promise<Configuration> {
  const file = (await parse('trust.tf', lines.join('\n'))) as Record<string, Record<string, Record<string, Json[]>>>;
  const objects = Object.entries(file).flatMap(([kind, byType]) =>
    Object.entries(byType).flatMap(([type, byName]) =>
      Object.entries(byName).flatMap(([name, bodies]) =>
        bodies.map((body) => ({ type: kind === 'data' ? `data.${type}` : type, name, body })),
      ),
    ),
  );
  const all = (type: string) => objects.filter((o) => o.type === type).map((o) => ({ label: o.name, ...o.body }));
  return {
    all,
    types: objects.map((o) => o.type),
    only(type) {
      const [first, ...more] = all(type);
      if (!first || more.length > 0) throw new Error(`${more.length + (first ? 1 : 0)} objects of type ${type}`);
      return first;
    },
  };
}

/** The members of a record, all of them: a name that nobody expects is an error, as it is to Terraform. */
export function members<T>(record: Json, ...names: readonly string[]): T {
  const unknown = Object.keys(record).filter((name) => name !== 'label' && !names.includes(name));
  if (unknown.length > 0) throw new Error(`unknown arguments: ${unknown.join(', ')}`);
  return record as T;
}
