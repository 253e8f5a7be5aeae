#!/bin/bash
# start.sh PORT: the gateway as one of the compared peers: one shard, in the foreground. UPSTREAM = host:port behind it,
# CONFIGURATION = the file to serve, gateway.yaml unless given.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
ulimit -n 16384
export PORT=$1 UPSTREAM=${UPSTREAM:-127.0.0.1:9000}
exec "${SLUICE:-$here/../../.build/release/sluice}" serve --config "$here/${CONFIGURATION:-gateway.yaml}" --shards 1
