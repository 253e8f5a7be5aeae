// graphql-js (Debian: node-graphql) as the reference: one JSON document a line in, one a line out.
//
// {op: "check", sdl, documents: [text]}              -> {verdicts: [null | "reason"]}      parse and validate each
// {op: "query"}                                      -> {verdicts: [text]}                 the introspection query
// {op: "introspect", schemas: [{sdl, answer}]}       -> {verdicts: [null | "difference"]}  read each answer as a client does
// {op: "schemas", documents: [sdl]}                  -> {verdicts: [null | "reason"]}      build and validate each
// {op: "run", sdl, from, kinds, cases: [{document, variables, roots, answer, calls}]}
//                                                    -> {verdicts: [null | "difference"]}  execute each and compare
'use strict';

const {
  buildClientSchema, buildSchema, execute, getIntrospectionQuery, lexicographicSortSchema, parse, printSchema,
  validate, validateSchema,
  GraphQLInt, GraphQLFloat, GraphQLString, GraphQLBoolean, GraphQLID,
  isObjectType, isAbstractType, isScalarType, isSpecifiedScalarType, isIntrospectionType,
} = require('graphql');

// Results are coerced as the gateway does, which takes JSON of the type's own kind only (the specification leaves what
// else is taken to the service: section 3.5).
function only(name, test, value = (output) => output) {
  return (output) => {
    if (!test(output)) throw new Error(`${name} cannot represent ${JSON.stringify(output)}`);
    return value(output);
  };
}
const isInteger = (value) => typeof value === 'number' && Number.isInteger(value);
GraphQLInt.serialize = only('Int', (v) => isInteger(v) && v <= 2147483647 && v >= -2147483648);
GraphQLFloat.serialize = only('Float', (v) => typeof v === 'number' && Number.isFinite(v));
GraphQLString.serialize = only('String', (v) => typeof v === 'string');
GraphQLBoolean.serialize = only('Boolean', (v) => typeof v === 'boolean');
GraphQLID.serialize = only('ID', (v) => typeof v === 'string' || isInteger(v), String);

const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

// The value at a path of member names: null, where there is none; an error, where something is no object.
function read(source, path) {
  let value = source;
  for (const name of path) {
    if (value === null || value === undefined) return null;
    if (!isRecord(value)) throw new Error(`no object before ${name}`);
    value = Object.hasOwn(value, name) ? value[name] : null;
  }
  return value;
}

function verdict(work) {
  try {
    return work();
  } catch (error) {
    return error.message || String(error);
  }
}

function check({ sdl, documents }) {
  const schema = buildSchema(sdl);
  return documents.map((text) => verdict(() => {
    const errors = validate(schema, parse(text));
    return errors.length === 0 ? null : errors.map((error) => error.message).join(' | ');
  }));
}

function schemas({ documents }) {
  return documents.map((sdl) => verdict(() => {
    const errors = validateSchema(buildSchema(sdl));
    return errors.length === 0 ? null : errors.map((error) => error.message).join(' | ');
  }));
}

function query() {
  const options = { specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true };
  return [getIntrospectionQuery(options)];
}

// Section 3.13.5: the reference doesn't know @oneOf as a directive of its own.
const withoutOneOf = (types) => ({ ...types, directives: types.directives.filter(({ name }) => name !== 'oneOf') });

function introspect({ schemas: all }) {
  return all.map(({ sdl, answer }) => verdict(() => {
    const types = { __schema: withoutOneOf(JSON.parse(answer)) };
    const read = printSchema(lexicographicSortSchema(buildClientSchema(types)));
    const expected = printSchema(lexicographicSortSchema(buildSchema(sdl)));
    return read === expected ? null : `${read}\nexpected ${expected}`;
  }));
}

function mappedSchema(sdl, from, kinds) {
  const schema = buildSchema(sdl);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type)) continue;
    if (isObjectType(type)) type.isTypeOf = isRecord;
    if (isAbstractType(type)) {
      const kind = kinds[type.name];
      type.resolveType = (value) => {
        if (!isRecord(value)) throw new Error('no object');
        const found = read(value, kind ? kind.path : ['__typename']);
        const name = kind && kind.map ? kind.map[JSON.stringify(found)] : found;
        if (typeof name !== 'string') throw new Error(`no type for ${JSON.stringify(found)}`);
        return name;
      };
    }
    if (isScalarType(type) && !isSpecifiedScalarType(type)) type.serialize = (value) => value;
    if (isObjectType(type)) {
      for (const field of Object.values(type.getFields())) {
        const path = from[`${type.name}.${field.name}`] || [field.name];
        field.resolve = (source) => read(source, path);
      }
    }
  }
  return schema;
}

// Members in the order of their names, for what has no order.
function sorted(value) {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])]));
}

const text = (value) => JSON.stringify(value) ?? 'nothing';
const paths = (answer) => (answer.errors || []).map((error) => text(error.path)).sort();

function run({ sdl, from, kinds, cases }) {
  const schema = mappedSchema(sdl, from, kinds);
  const calls = [];
  for (const root of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of root ? Object.values(root.getFields()) : []) {
      field.resolve = (roots, args) => {
        calls.push(`${field.name} ${text(sorted(args))}`);
        return JSON.parse(roots[field.name]);
      };
    }
  }
  return cases.map((one) => verdict(() => {
    calls.length = 0;
    const document = parse(one.document);
    const errors = validate(schema, document);
    if (errors.length > 0) return `the reference refuses it: ${errors[0].message}`;
    const expected = execute({ schema, document, rootValue: one.roots, variableValues: JSON.parse(one.variables) });
    if (one.answer === null) {
      return expected.data === undefined ? null : `refused, expected ${text(expected)}`;
    }
    if (expected.data === undefined) return `expected a refusal: ${expected.errors[0].message}`;
    const answer = JSON.parse(one.answer);
    if (text(answer.data) !== text(expected.data)) {
      return `data ${text(answer.data)}, expected ${text(expected.data)}`;
    }
    if (text(paths(answer)) !== text(paths(expected))) {
      return `errors at ${text(paths(answer))}, expected ${text(paths(expected))}`;
    }
    // The gateway makes one call for fields that ask for the same.
    const asked = one.calls.map((call) => `${call.name} ${text(sorted(JSON.parse(call.arguments)))}`);
    const wanted = one.isSerial ? calls : [...new Set(calls)];
    const order = one.isSerial ? (list) => list : (list) => [...list].sort();
    // Where null takes the whole data, what is left may be cancelled (section 6.4.4): the reference doesn't begin it.
    if (expected.data === null) return wanted.every((call) => asked.includes(call)) ? null : `no call ${text(wanted)}`;
    return text(order(asked)) === text(order(wanted)) ? null : `calls ${text(asked)}, expected ${text(wanted)}`;
  }));
}

const operations = { check, introspect, query, run, schemas };
require('readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line);
  process.stdout.write(JSON.stringify({ verdicts: operations[request.op](request) }) + '\n');
});
