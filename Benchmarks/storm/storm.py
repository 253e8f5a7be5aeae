#!/usr/bin/env python3
"""storm.py: what the gateway does while one of two upstreams fails wholly, beside a run in which neither does.

Everything runs on this machine: the healthy upstream and an open-loop load in this process, the gateway and the upstream
that fails as children. Each round is a healthy run and a storm, with the same load:
  500 requests/s for a field of each upstream, and 250 requests/s for the healthy upstream's field alone.
It prints, for each way to fail, how often the failing upstream was called, how soon it was used again, whether any
request was lost or answered twice, and the latency of the other field, median of the rounds. Exit code 1 where a
promise of docs/resilience.md wasn't kept.
"""
import argparse, asyncio, json, multiprocessing, os, statistics, subprocess, sys, tempfile, time

CONFIGURATION = """
server: {listen: "127.0.0.1:0"}
admin: {listen: "127.0.0.1:0"}
telemetry: {logs: {access: false}}
graphql: {schemas: [schema.graphql]}
upstreams:
  # So many places that a busy machine's pauses refuse nobody.
  good: {url: "http://127.0.0.1:%d", concurrency: {max: 4096}}
  bad:
    url: "http://127.0.0.1:%d"
    timeout: 300ms
    concurrency: {max: 4096}
    retry: {attempts: 2, budget: 20%%}
    breaker: {window: 5s, failureRatio: 0.5, minimumCalls: 20, openFor: 2s, probes: 5, closeAfter: 3}
routes:
  good: {upstream: good, request: "GET /good/{id}"}
  bad: {upstream: bad, request: "GET /bad/{id}"}
"""
SCHEMA = """
type Query { good(id: Int!): Int @rest(route: "good") bad(id: Int!): Int @rest(route: "bad") }
"""
BOTH = "query($id: Int!) { good(id: $id) bad(id: $id) }"
ALONE = "query($id: Int!) { good(id: $id) }"
OPEN_FOR, BUDGET, PROBES, ATTEMPTS = 2.0, 0.2, 5, 2


class Upstream:
    """Answers /NAME/{id} with the id after 5 ms; fails while `failure` says how."""

    def __init__(self):
        self.failure = None
        self.calls = []
        self.connections = 0

    async def listen(self):
        server = await asyncio.start_server(self.serve, "127.0.0.1", 0, backlog=1024)
        self.port = server.sockets[0].getsockname()[1]
        return server

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.calls.append(time.monotonic())
                if self.failure == "reset":
                    writer.transport.abort()
                    return
                if self.failure == "hang":
                    await reader.read()
                    return
                if self.failure == "503":
                    writer.write(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}")
                    continue
                number = head.split(b" ", 2)[1].rsplit(b"/", 1)[1]
                await asyncio.sleep(0.005)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                             % (len(number), number))
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            self.connections -= 1
            writer.close()


async def serve_apart(pipe):
    """An upstream that does what it is told by `pipe`, and says there what it knows."""
    upstream, told = Upstream(), asyncio.Queue()
    server = await upstream.listen()
    asyncio.get_running_loop().add_reader(pipe.fileno(), lambda: told.put_nowait(pipe.recv()))
    pipe.send(upstream.port)
    while (word := await told.get()) != "end":
        if word == "tell":
            pipe.send((upstream.calls, upstream.connections))
        else:
            upstream.failure = word
    server.close()


class UpstreamApart:
    """An upstream in a process of its own: what its failures cost it must not be taken for what they cost the gateway."""

    def __init__(self):
        # Forked, whatever the interpreter's usual way is: a function made here can't be sent to a fresh one.
        forking = multiprocessing.get_context("fork")
        self.pipe, theirs = forking.Pipe()
        self.process = forking.Process(target=lambda: asyncio.run(serve_apart(theirs)), daemon=True)
        self.process.start()
        self.port = self.pipe.recv()

    def fail(self, failure):
        self.pipe.send(failure)

    def tell(self):
        self.pipe.send("tell")
        return self.pipe.recv()

    def end(self):
        self.pipe.send("end")
        self.process.join(5)
        self.process.kill()


class Client:
    """Keep-alive connections to the gateway; as many as are needed at once."""

    def __init__(self, port):
        self.port = port
        self.idle = []

    async def ask(self, query, number, outcomes):
        begun = time.monotonic()
        body = json.dumps({"query": query, "variables": {"id": number}}).encode()
        try:
            reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(b"POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\n"
                         b"X-Request-ID: r%d\r\nContent-Length: %d\r\n\r\n%s" % (number, len(body), body))
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            answer = json.loads(await reader.readexactly(length))
            data = answer.get("data") or {}
            codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
            whole = b"x-request-id: r%d\r\n" % number in head and data.get("good") == number
            whole = whole and data.get("bad") in (None, number)
            # A second answer would be waiting here, or be taken for the next request's, whose id it has not.
            self.idle.append((reader, writer))
            outcomes.append((begun, time.monotonic(), query is BOTH, whole, codes[0] if codes else None))
        except (OSError, ValueError, KeyError, IndexError, asyncio.IncompleteReadError) as error:
            outcomes.append((begun, time.monotonic(), query is BOTH, False, type(error).__name__))


async def load(port, seconds):
    """750 requests a second, evenly, whatever the answers do."""
    # Who asks for one field alone has connections of his own: that a storm keeps the others' busy, and more are opened,
    # is those clients' affair.
    both, alone, outcomes, tasks = Client(port), Client(port), [], set()
    start, number = time.monotonic(), 0
    while True:
        due = start + number / 750
        if due > start + seconds:
            break
        if (wait := due - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        asking = alone.ask(ALONE, number, outcomes) if number % 3 == 2 else both.ask(BOTH, number, outcomes)
        task = asyncio.create_task(asking)
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        number += 1
    await asyncio.wait(tasks, timeout=10) if tasks else None
    return outcomes, number


class Gateway:
    def __init__(self, binary, good, bad):
        self.folder = tempfile.TemporaryDirectory()
        for name, text in (("gateway.yaml", CONFIGURATION % (good, bad)), ("schema.graphql", SCHEMA)):
            with open(os.path.join(self.folder.name, name), "w") as file:
                file.write(text)
        self.process = subprocess.Popen(
            [binary, "serve", "--config", os.path.join(self.folder.name, "gateway.yaml"), "--shards", "1"],
            stdout=subprocess.PIPE, text=True)
        while "listening on" not in (line := self.process.stdout.readline()):
            if not line:
                sys.exit("the gateway did not start")
        self.port = int(line.strip().rsplit(":", 1)[1].split("/")[0])

    def stop(self):
        self.process.terminate()
        self.process.wait()


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000


async def run(binary, failure, healthy, storm):
    good, bad = Upstream(), UpstreamApart()
    server = await good.listen()
    gateway = Gateway(binary, good.port, bad.port)
    try:
        loading = asyncio.create_task(load(gateway.port, healthy + storm + healthy))
        await asyncio.sleep(healthy)
        pooled = bad.tell()[1]
        broke = time.monotonic()
        bad.fail(failure)
        await asyncio.sleep(storm)
        bad.fail(None)
        mended = time.monotonic()
        outcomes, sent = await loading
        calls = bad.tell()[0]
    finally:
        gateway.stop()
        server.close()
        bad.end()
    # The field alone, while the other upstream failed.
    alone = [ended - begun for begun, ended, both, _, _ in outcomes if not both and broke < begun < mended]
    figures = {"sent": sent, "answered": len(outcomes), "bad answers": sum(not o[3] for o in outcomes),
               "p50": percentile(alone, 0.5), "p99": percentile(alone, 0.99)}
    figures["reasons"] = sorted({str(o[4]) for o in outcomes if not o[3]})
    if failure:
        both = [o for o in outcomes if o[2]]
        refused = [o[1] for o in both if o[4] == "BREAKER_OPEN"]
        opened = min(refused) if refused else mended
        figures["opened after"] = opened - broke
        figures["requests until open"] = sum(broke <= o[0] < opened for o in both)
        figures["calls until open"] = sum(broke <= call < opened for call in calls)
        figures["calls while open"] = sum(opened + 0.35 < call < mended for call in calls)
        figures["allowed while open"] = (int((mended - opened) / OPEN_FOR) + 1) * PROBES * ATTEMPTS
        # The budget counts the calls of the last ten seconds, also those before it broke.
        figures["budget"] = BUDGET * sum(broke - 10 < o[0] < opened for o in both) + 3
        # Each may be found closed when it is used again, and is then replaced for free.
        figures["pooled connections"] = pooled
        figures["recovered after"] = max((o[1] for o in both if o[4]), default=mended) - mended
    return figures


def kept(figures, healthy_p99, storm_p99):
    """The promises, and whether each was kept."""
    yield "no request is lost or answered twice", all(
        f["sent"] == f["answered"] and f["bad answers"] == 0 for f in figures)
    yield "calls until open <= requests + budget + pooled connections", all(
        f["calls until open"] <= f["requests until open"] + f["budget"] + f["pooled connections"] for f in figures)
    yield "only probes while open", all(f["calls while open"] <= f["allowed while open"] for f in figures)
    yield "used again within openFor + 1 s", all(f["recovered after"] <= OPEN_FOR + 1 for f in figures)
    yield "p99 of the other field at most 20 % up", storm_p99 <= healthy_p99 * 1.2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    here = os.path.dirname(os.path.abspath(__file__))
    parser.add_argument("--sluice", default=os.path.join(here, "../../.build/release/sluice"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--healthy", type=float, default=5, help="seconds before and after the storm")
    parser.add_argument("--storm", type=float, default=10, help="seconds of the storm")
    parser.add_argument("failures", nargs="*", default=["503", "reset", "hang"])
    options = parser.parse_args()
    broken = False
    for failure in options.failures:
        healthy, storms = [], []
        for _ in range(options.rounds):
            healthy.append(asyncio.run(run(options.sluice, None, options.healthy, options.storm)))
            storms.append(asyncio.run(run(options.sluice, failure, options.healthy, options.storm)))
        median = lambda runs, key: statistics.median(run[key] for run in runs)
        print(f"{failure}: median of {options.rounds} rounds")
        reasons = sorted({reason for run in storms for reason in run.pop("reasons")})
        if reasons:
            print(f"  bad answers because of  {', '.join(reasons)}")
        for key in storms[0]:
            print(f"  {key:22} {median(storms, key):10.2f}")
        p99s = median(healthy, "p99"), median(storms, "p99")
        print(f"  healthy p50, p99       {median(healthy, 'p50'):10.2f} {p99s[0]:.2f}")
        for promise, holds in kept(storms, *p99s):
            broken = broken or not holds
            print(f"  {'kept  ' if holds else 'BROKEN'} {promise}", flush=True)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
