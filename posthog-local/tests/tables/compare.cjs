// Runs the cases of the tables beside this file through liquidjs and @posthog/hogvm; see scripts/compare-posthog.
const fs = require('fs');
const path = require('path');
const { Liquid } = require('liquidjs');
const { exec, convertHogToJS, Operation } = require('@posthog/hogvm');
const { RE2JS } = require('re2js');

const isWriting = process.argv.includes('--write');

// As in nodejs/src/cdp/utils/liquid.ts of PostHog: outputs are escaped, and entities within outputs and tags decoded.
const engine = new Liquid({ outputEscape: 'escape', templates: {} });
const ENTITIES = [['&lt;', '<'], ['&gt;', '>'], ['&quot;', '"'], ['&#x27;', "'"], ['&amp;', '&']];

function liquid({ source }, { globals, now }) {
  const decoded = source.replace(/\{\{(.*?)\}\}|{%(.*?)%}/g, (match) =>
    ENTITIES.reduce((text, [entity, character]) => text.replaceAll(entity, character), match));
  const RealDate = Date;
  // The time stands still, so that `now` has one answer.
  globalThis.Date = class extends RealDate {
    constructor(...args) { super(...(args.length ? args : [now])); }
    static now() { return new RealDate(now).getTime(); }
  };
  try {
    return engine.parseAndRenderSync(decoded, { ...globals, now: new Date() });
  } catch {
    return null;
  } finally {
    globalThis.Date = RealDate;
  }
}

const options = (globals) => ({
  globals, maxAsyncSteps: 0, timeout: 1000,
  external: { regex: { match: (regex, text) => RE2JS.matches === undefined ? false : RE2JS.compile(regex).matcher(text).find() } },
});

function run(code, globals) {
  const answer = exec(['_H', 1, ...code], options(globals));
  if (!answer.finished || answer.error) throw answer.error ?? new Error('not finished');
  return convertHogToJS(answer.result);
}

const O = Operation;
const constant = (value) => {
  if (value === null) return [O.NULL];
  if (typeof value === 'boolean') return [value ? O.TRUE : O.FALSE];
  if (typeof value === 'number') return Number.isInteger(value) ? [O.INTEGER, value] : [O.FLOAT, value];
  return [O.STRING, String(value)];
};
const global = (...steps) => [...[...steps].reverse().flatMap((step) => constant(step)), O.GET_GLOBAL, steps.length];
const call = (name, ...args) => [...[...args].flat(), O.CALL_GLOBAL, name, args.length];
const compare = (op, left, right) => [...right, ...left, op];
const list = (values) => [...values.flatMap(constant), O.ARRAY, values.length];
const P = global('event', 'properties', 'p');

// posthog/hogql/property.py: what each operator is compiled to, in the order of its cases.
function compile(operator, value) {
  const text = call('toString', P);
  // Python's str().
  const python = (value) => (value === null ? 'None' : value === true ? 'True' : value === false ? 'False' : String(value));
  const plain = (value) => (typeof value === 'boolean' ? String(value) : value);
  const search = (op) => compare(op, call('multiSearchAnyCaseInsensitive', text, list(value.map(python))), constant(0));
  const isSeveral = Array.isArray(value) && value.length > 1;
  if (operator === 'icontains_multi' || operator === 'not_icontains_multi') {
    value = Array.isArray(value) ? value : [value];
    return search(operator === 'icontains_multi' ? O.GT : O.EQ);
  }
  if (Array.isArray(value) && value.length === 0) return [O.TRUE];
  if (isSeveral && operator.endsWith('icontains')) return search(operator === 'icontains' ? O.GT : O.EQ);
  if (isSeveral && ['exact', 'in', 'is_not', 'not_in'].includes(operator)) {
    return [...value.flatMap(constant), O.TUPLE, value.length, ...P, ['exact', 'in'].includes(operator) ? O.IN : O.NOT_IN];
  }
  if (operator === 'between') {
    return [...compare(O.LT_EQ, P, constant(value[1])), ...compare(O.GT_EQ, P, constant(value[0])), O.AND, 2];
  }
  if (operator === 'not_between') {
    return [...compare(O.GT, P, constant(value[1])), ...compare(O.LT, P, constant(value[0])), O.OR, 2];
  }
  if (isSeveral) {
    const isAll = ['not_icontains', 'not_regex', 'is_not'].includes(operator);
    return [...value.flatMap((one) => compile(operator, one)), isAll ? O.AND : O.OR, value.length];
  }
  const one = Array.isArray(value) ? value[0] : value;
  switch (operator) {
    case 'is_set': return compare(O.NOT_EQ, P, constant(null));
    case 'is_not_set': return compare(O.EQ, P, constant(null));
    case 'icontains': return compare(O.ILIKE, text, constant(`%${python(one)}%`));
    case 'not_icontains': return compare(O.NOT_ILIKE, text, constant(`%${python(one)}%`));
    case 'regex': return call('match', text, constant(one));
    case 'not_regex': return [...call('match', text, constant(one)), O.NOT];
    case 'exact': return compare(O.EQ, P, constant(plain(one)));
    case 'is_not': return compare(O.NOT_EQ, P, constant(plain(one)));
    case 'lt': return compare(O.LT, P, constant(one));
    case 'gt': return compare(O.GT, P, constant(one));
    case 'lte': case 'max': return compare(O.LT_EQ, P, constant(one));
    case 'gte': case 'min': return compare(O.GT_EQ, P, constant(one));
    default: throw new Error(`unknown operator ${operator}`);
  }
}

const operator = ({ operator, wanted, properties }) => run(compile(operator, wanted), { event: { properties } });

// A template is a list of texts and paths. One path alone keeps its type, and more are joined; then JSON.stringify, as in
// nodejs/src/cdp/async-functions/fetch-handler.ts.
function template({ parts }, { globals }) {
  const code = parts.map((part) => (Array.isArray(part) ? global(...part) : constant(part)));
  return JSON.stringify(run(parts.length === 1 ? code[0] : call('concat', ...code), globals));
}

let differing = 0;
for (const [name, answer] of [['liquid', liquid], ['operators', operator], ['templates', template]]) {
  const file = path.join(__dirname, `${name}.json`);
  const table = JSON.parse(fs.readFileSync(file, 'utf8'));
  for (const item of table.cases) {
    const found = answer(item, table);
    if (JSON.stringify(found) === JSON.stringify(item.expected)) continue;
    differing += 1;
    if (!isWriting) console.log(`${name}: ${JSON.stringify(item)}\n  answers ${JSON.stringify(found)}`);
    item.expected = found;
  }
  if (isWriting) {
    const { cases, ...head } = table;
    const lines = cases.map((item) => `    ${JSON.stringify(item)}`).join(',\n');
    const fields = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},\n`).join('');
    fs.writeFileSync(file, `{\n${fields}  "cases": [\n${lines}\n  ]\n}\n`);
  }
  console.log(`${name}: ${table.cases.length} cases`);
}
if (differing && !isWriting) {
  console.log(`${differing} answers differ; scripts/compare-posthog --write puts them into the tables`);
  process.exit(1);
}
