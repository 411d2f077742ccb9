// Reads { schemas: { name: schema }, cases: [{ schema: name, value }] } on stdin; writes one answer for each case.
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';

const { schemas, cases } = JSON.parse(readFileSync(0, 'utf8'));
const ajv = new Ajv2020({ strict: true, strictTypes: false, strictRequired: false, allErrors: true });
const compiled = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, ajv.compile(schema)]));
const answers = cases.map(({ schema, value }) => {
  const valid = compiled[schema](value);
  return { valid, why: (compiled[schema].errors ?? []).map((e) => `${e.instancePath} ${e.message}`).join('; ') };
});
process.stdout.write(JSON.stringify(answers));
