"""Drives the demo gateway with the gql client; takes its URL, prints "well" at the end."""

import hashlib
import sys

import requests
from gql import Client, gql
from gql.transport.exceptions import TransportQueryError
from gql.transport.requests import RequestsHTTPTransport
from graphql import GraphQLError

url = sys.argv[1]
client = Client(transport=RequestsHTTPTransport(url=url), fetch_schema_from_transport=True)

# Variables and fragments, validated against the schema that the gateway told.
with client as session:
    home = gql(
        """
        query Home($id: ID!, $posts: Int) {
          user(id: $id) { ...Card posts(limit: $posts) { title author { name } } }
        }
        fragment Card on User { id name }
        """
    )
    answer = session.execute(home, variable_values={"id": "1", "posts": 2}, operation_name="Home")
    assert answer["user"]["name"] == "Ada Lovelace", answer
    assert len(answer["user"]["posts"]) == 2, answer
    assert "User" in client.schema.type_map

    # What the client itself finds wrong, the gateway finds wrong too.
    wrong = gql("{ user(id: 1) { nme } }")
    try:
        session.execute(wrong)
        raise AssertionError("validated against nothing")
    except GraphQLError as error:
        assert "Did you mean 'name'?" in error.message or 'Did you mean "name"' in error.message, error.message

plain = Client(transport=RequestsHTTPTransport(url=url))
for document, variables, code in [
    ("{ user(id: 1) { nme } }", None, "GRAPHQL_VALIDATION_FAILED"),
    ("query($id: ID!) { user(id: $id) { name } }", {"id": []}, "BAD_USER_INPUT"),
]:
    try:
        plain.execute(gql(document), variable_values=variables)
        raise AssertionError(document)
    except TransportQueryError as error:
        assert error.errors[0]["extensions"]["code"] == code, error.errors
        assert error.errors[0]["locations"], error.errors

# Automatic persisted queries, as Apollo's clients do them.
text = "query ($id: ID!) { user(id: $id) { name } }"
extension = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}}
request = {"variables": {"id": "2"}, "extensions": extension}
first = requests.post(url, json=request).json()
assert first["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND", first
second = requests.post(url, json={**request, "query": text}).json()
assert second["data"]["user"]["name"], second
third = requests.post(url, json=request).json()
assert third == second, third

print("well")
