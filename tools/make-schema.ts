/** Writes the JSON Schema of scenario files, for editors; a test holds it to the rules in the code. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toJsonSchema } from '@valibot/to-json-schema';
import { scenarioSchema } from '../src/internet/index.ts';

export const SCHEMA_FILE: string = join(
  import.meta.dirname,
  '..',
  'scenarios',
  'scenario.schema.json',
);

/** The schema as text, ended by a line end. */
export function schemaText(): string {
  const schema = toJsonSchema(scenarioSchema, { typeMode: 'input', errorMode: 'ignore' });
  return `${JSON.stringify({ title: 'A toplayer scenario', ...schema }, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(SCHEMA_FILE, schemaText());
