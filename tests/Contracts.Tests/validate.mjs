// node validate.mjs <folder of node_modules> <repository>: holds asyncapi.json to AsyncAPI's meta-schema, the schemas to
// JSON Schema 2020-12, and a few documents to the schemas.
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [home, root] = process.argv.slice(2);
const require = createRequire(join(home, 'package.json'));
const Ajv = require('ajv').default;
const Ajv2020 = require('ajv/dist/2020').default;
const formats = require('ajv-formats').default;
const read = (...path) => JSON.parse(readFileSync(join(root, ...path), 'utf8'));
const complain = (what, errors) => {
  console.error(what, JSON.stringify(errors, null, 1));
  process.exitCode = 1;
};

const meta = JSON.parse(readFileSync(join(home, 'node_modules/@asyncapi/specs/schemas/3.0.0-without-$id.json'), 'utf8'));
const draft07 = formats(new Ajv({ strict: false, allErrors: true, logger: false, unicodeRegExp: false }));
const asyncapi = draft07.compile(meta);
const document = read('contracts/events/asyncapi.json');
if (!asyncapi(document)) complain('asyncapi.json', asyncapi.errors);
if (asyncapi({ ...document, channels: [] })) complain('the meta-schema takes anything', []);

const ajv = formats(new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, allErrors: true }));
const folder = 'contracts/events/schemas';
const names = readdirSync(join(root, folder)).sort();
const check = Object.fromEntries(names.map(name => [name, ajv.compile(read(folder, name))]));

const event = { campaign: 'spring', source: '/crm', eventId: '1', recipient: `0x${'a'.repeat(40)}`, subject: 'Ada', facts: { a: 1 } };
const samples = [
  ['plain-event.schema.json', event, true],
  ['plain-event.schema.json', { ...event, recipient: undefined }, false],
  ['plain-event.schema.json', { ...event, facts: { a: [] } }, false],
  ['feed-event.schema.json', { specversion: '1.0' }, false],
];
for (const [name, sample, valid] of samples) {
  if (check[name](JSON.parse(JSON.stringify(sample))) !== valid) complain(name, [sample, check[name].errors]);
}
console.log(`asyncapi.json and ${names.length} schemas`);
