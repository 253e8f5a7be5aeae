"""Reads an OTLP/JSON document from standard input by OpenTelemetry's own types, which know every member, and prints the
service's name and each span's kind and name."""
import base64
import json
import sys

from google.protobuf.json_format import ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


def with_bytes(value):
    """OTLP writes identifiers in hex; protobuf's JSON reads bytes as base64."""
    if isinstance(value, list):
        return [with_bytes(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: base64.b64encode(bytes.fromhex(item)).decode()
        if name in ("traceId", "spanId", "parentSpanId") else with_bytes(item)
        for name, item in value.items()
    }


request = ParseDict(with_bytes(json.load(sys.stdin)), ExportTraceServiceRequest())
for resource in request.resource_spans:
    for attribute in resource.resource.attributes:
        if attribute.key == "service.name":
            print(attribute.value.string_value)
    for scope in resource.scope_spans:
        for span in scope.spans:
            assert len(span.trace_id) == 16 and len(span.span_id) == 8
            assert 0 < span.start_time_unix_nano <= span.end_time_unix_nano
            print(Span.SpanKind.Name(span.kind).removeprefix("SPAN_KIND_"), span.name)
