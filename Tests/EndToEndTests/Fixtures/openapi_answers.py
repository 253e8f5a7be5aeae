"""Reads {"document": …, "answers": [{method, path, status, type, body}, …]} and judges the OpenAPI document, and each
answer by what the document says of it. Prints one line for whatever is wrong."""

import json
import sys

from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator


def resolve(document, value):
    while "$ref" in value:
        found = document
        for name in value["$ref"].removeprefix("#/").split("/"):
            found = found[name.replace("~1", "/").replace("~0", "~")]
        value = found
    return value


work = json.load(sys.stdin)
document = work["document"]
for error in OpenAPIV31SpecValidator(document).iter_errors():
    print("document:", error.message, list(error.absolute_path))
for answer in work["answers"]:
    name = "{method} {path} {status}".format(**answer)
    responses = document["paths"][answer["path"]][answer["method"]]["responses"]
    status = str(answer["status"])
    response = responses.get(status) or responses.get(status[0] + "XX") or responses.get("default")
    if response is None:
        print(name, "is not described")
        continue
    content = resolve(document, response).get("content", {})
    if not answer["type"]:
        if content:
            print(name, "has no content")
        continue
    media = content.get(answer["type"]) or content.get("*/*")
    if media is None:
        print(name, "has the type", answer["type"])
        continue
    schema = {"components": document["components"], **media.get("schema", {})}
    for error in Draft202012Validator(schema).iter_errors(answer["body"]):
        print(name, error.message, list(error.absolute_path))
