// Takes the gateway's URL and the SDL file of `sluice schema`; prints "well", or what graphql-js finds wrong with what
// the gateway says of its schema.
const { readFileSync } = require('fs');
const graphql = require('graphql');

const [url, file] = process.argv.slice(2);

async function ask(query) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query }),
  });
  const answer = await response.json();
  if (response.status !== 200 || answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

function check(holds, message) {
  if (!holds) throw new Error(message);
}

async function main() {
  const flags = ['descriptions', 'specifiedByUrl', 'directiveIsRepeatable', 'schemaDescription', 'inputValueDeprecation', 'oneOf'];
  const options = Object.fromEntries(flags.map((flag) => [flag, true]));
  const full = await ask(graphql.getIntrospectionQuery(options));
  const told = graphql.buildClientSchema(full).toConfig();
  // The one difference: a release that doesn't know @oneOf yet takes it for a directive of the schema's own.
  const directives = told.directives.filter((each) => each.name !== 'oneOf');
  check(directives.length + 1 === told.directives.length, 'no @oneOf');
  const schema = new graphql.GraphQLSchema({ ...told, directives });
  const errors = graphql.validateSchema(schema);
  check(errors.length === 0, `not valid: ${errors.join('; ')}`);

  // Each flag by itself, and none.
  for (const flag of [...flags, undefined]) {
    const part = await ask(graphql.getIntrospectionQuery(flag ? { descriptions: false, [flag]: true } : { descriptions: false }));
    graphql.assertValidSchema(graphql.buildClientSchema(part));
  }

  const printed = graphql.buildSchema(readFileSync(file, 'utf8'));
  graphql.assertValidSchema(printed);
  const sorted = (each) => graphql.printSchema(graphql.lexicographicSortSchema(each));
  const [asked, written] = [sorted(schema), sorted(printed)];
  if (asked !== written) {
    const lines = new Set(written.split('\n'));
    const others = new Set(asked.split('\n'));
    const only = (from, not) => from.split('\n').filter((line) => !not.has(line)).join('\n');
    throw new Error(`introspection only:\n${only(asked, lines)}\nsluice schema only:\n${only(written, others)}`);
  }
  const changes = [...graphql.findBreakingChanges(schema, printed), ...graphql.findDangerousChanges(schema, printed)];
  check(changes.length === 0, JSON.stringify(changes));
  console.log('well');
}

main().catch((error) => {
  console.log(error.message);
  process.exitCode = 1;
});
