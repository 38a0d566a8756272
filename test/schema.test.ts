import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SCHEMA_FILE, schemaText } from '../tools/make-schema.ts';

it('the JSON Schema of scenarios is made from the rules as they are (node tools/make-schema.ts)', () => {
  expect(readFileSync(SCHEMA_FILE, 'utf8')).toBe(schemaText());
});
