#!/usr/bin/env python3
"""The stand-in Hub: a local HTTP server that answers like huggingface.co.

    python3 test/hub/hub.py --models 100000 --port 8080

It is what the demo, the tests and the benchmarks talk to. It listens on
loopback only and ends by itself: when its parent is gone, or after --idle
seconds without a request. The control interface is on the same port, under
/__standin (see README.md).
"""
import argparse
import gc
import gzip
import json
import os
import socket
import ssl
import struct
import sys
import threading
import time
import zlib
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

import faults
import files
import simulate
import viewer
from api import Api, Kinds, Refusal, dumps
from endpoints import Others

CONTROL = "/__standin"
GATHER_SECONDS = 10
CACHE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "build", "standin")


class Hub:
    """State that all connections share."""

    def __init__(self, args):
        self.args = args
        self.lock = threading.Lock()
        self.rules = []
        self.fault_state = {}
        self.log = []
        self.used = {}              # quota: (bucket, window number) -> requests
        self.last_request = time.monotonic()
        self.settings = {"latency_ms": args.latency_ms, "quota": args.quota,
                         "window": args.window, "gzip": not args.no_gzip,
                         "limit_too_large": "clamp", "quota_headers": True,
                         "etag": True, "not_modified": True,
                         "datasets_default": "seen", "weekend": "empty", "papers_max": 100,
                         "gather": 0}
        self.crowd = threading.Condition()
        self.active = 0             # requests being answered now ...
        self.most = 0               # ... and at most, since the last DELETE /log
        given, self.recorded = files.load(args.data, args.recorded)
        owners = simulate.owner_names(max(args.models // 8, 12))
        makers = self.makers(args, owners)
        makers.update((name, lambda rows=rows: rows) for name, rows in given.items())
        self.others = Others(makers.pop("papers"), owners, args.seed, makers.pop("trending")())
        self.api = Api(Kinds(makers), redirects=dict(pair.split("=") for pair in args.redirect),
                       token=args.token, others=self.others)
        self.viewer = viewer.Viewer(args.token, args.viewer_examples)
        self.api.kinds["models"]            # the others are made when first asked for

    def makers(self, args, owners):
        """Functions that make the rows of each kind, or read what was made."""
        few = args.datasets if args.datasets is not None else max(args.models // 4, 40)
        spaces = args.spaces if args.spaces is not None else max(args.models // 4, 40)

        def kept(name, n, make):
            return lambda: simulate.kept("%s-%d-%d-%d" % (name, n, args.models, args.seed), make, args.cache)

        def rows(name):
            return self.api.kinds[name].rows
        return {
            "models": kept("models", args.models, lambda: simulate.models(args.models, args.seed)),
            "datasets": kept("datasets", few, lambda: simulate.kind(
                "datasets", few, args.seed, owners, ([e["paper"]["id"] for e in self.others.entries()],))),
            "spaces": kept("spaces", spaces, lambda: simulate.kind(
                "spaces", spaces, args.seed, owners, (rows("models"), rows("datasets")))),
            "kernels": lambda: simulate.kind("kernels", 130, args.seed, owners),
            "papers": kept("papers", args.papers, lambda: simulate.papers(args.papers, args.seed, owners)),
            "trending": lambda: None,
        }

    def enter(self):
        """One more request at once; all wait until setting "gather" of them do."""
        with self.crowd:
            self.active += 1
            self.most = max(self.most, self.active)
            self.crowd.notify_all()
            self.crowd.wait_for(lambda: self.most >= self.settings["gather"], GATHER_SECONDS)

    def leave(self):
        with self.crowd:
            self.active -= 1

    def count(self, who):
        """(left, seconds to the reset) after this request, or None: refused."""
        window = self.settings["window"]
        now = time.time()
        number = int(now // window)
        with self.lock:
            used = self.used.get((who, number), 0)
            self.used = {k: v for k, v in self.used.items() if k[1] == number}
            left = self.settings["quota"] - used
            if left > 0:
                self.used[(who, number)] = used + 1
        return left - 1, int((number + 1) * window - now) + 1


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    hub = None

    def log_message(self, *args):
        pass

    # ---------- one request

    def do_GET(self):
        hub = self.hub
        hub.last_request = time.monotonic()
        path, _, text = self.path.partition("?")
        if path.startswith(CONTROL):
            return self.control(self.path[len(CONTROL):], None)
        hub.enter()
        try:
            self.answer_one(path, parse_qsl(text, keep_blank_values=True))
        finally:
            hub.leave()

    def answer_one(self, path, query):
        hub = self.hub
        began = time.time()
        wire = self.answer(path, query)
        with hub.lock:
            faults.spoil(hub.rules, self.path, wire, hub.fault_state)
            self.validate(wire)
            hub.log.append({
                "path": path, "target": self.path, "query": query, "status": wire.status,
                "bytes": len(wire.body), "at": began, "host": self.headers.get("Host"),
                "authorization": self.headers.get("Authorization"),
                "agent": self.headers.get("User-Agent")})
        if wire.status == 200 and not hub.rules:
            pass
        elif wire.status == 200:
            try:
                hub.fault_state["last_row"] = json.dumps(faults.entries(json.loads(wire.body))[-1])
            except Exception:
                pass
        self.send(wire)

    def validate(self, wire):
        """A weak ETag with each answer; 304 where the caller has that one."""
        if wire.status != 200 or not self.hub.settings["etag"]:
            return
        wire.headers["ETag"] = 'W/"%x-%08x"' % (len(wire.body), zlib.crc32(wire.body))
        if self.hub.settings["not_modified"] and self.headers.get("If-None-Match") == wire.headers["ETag"]:
            wire.status, wire.body = 304, b""

    def answer(self, path, query):
        hub = self.hub
        headers = {"Content-Type": "application/json; charset=utf-8",
                   "X-Request-Id": "Root=1-%x" % int(time.time() * 1e6)}
        token = self.headers.get("Authorization", "")
        authorized = bool(hub.args.token) and token == "Bearer " + hub.args.token
        left, reset = hub.count(token if authorized else self.client_address[0])
        if hub.settings["quota_headers"]:
            headers["RateLimit"] = '"api";r=%d;t=%d' % (max(left, 0), reset)
            headers["RateLimit-Policy"] = '"fixed window";"api";q=%d;w=%d' % (
                hub.settings["quota"], hub.settings["window"])
        try:
            if left < 0:
                raise Refusal(429, "We had to rate limit you.")
            if token and hub.args.token and not authorized:
                raise Refusal(401, "Invalid credentials in Authorization header")
            recorded = hub.recorded.get(self.path)
            if path in hub.viewer.PATHS and not recorded:
                status, more, body = hub.viewer.answer(path, query, authorized)
                headers.update(more)
                return faults.Wire(status, headers, body)
            if recorded:
                status, more, body = recorded
            else:
                hub.api.limit_too_large = hub.settings["limit_too_large"]
                hub.api.datasets_default = hub.settings["datasets_default"]
                hub.others.weekend = hub.settings["weekend"]
                hub.others.papers_max = hub.settings["papers_max"]
                status, more, body = hub.api.answer(path, query, self.origin(), authorized)
            headers.update(more)
            return faults.Wire(status, headers, body)
        except (Refusal, viewer.ViewerRefusal) as refusal:
            if refusal.code:
                headers["X-Error-Code"] = refusal.code
            headers["X-Error-Message"] = refusal.text.encode("ascii", "replace").decode()
            return faults.Wire(refusal.status, headers, dumps({"error": refusal.text}).encode())

    def origin(self):
        scheme = "https" if self.hub.args.tls else "http"
        return "%s://%s" % (scheme, self.headers.get("Host"))

    # ---------- onto the wire

    def send(self, wire):
        latency = self.hub.settings["latency_ms"]
        if latency:
            time.sleep(latency / 1000)
        if wire.reset == "before":
            return self.break_off()
        if wire.deaf:
            self.server.deafen(wire.deaf)
            self.close_connection = True
        if wire.stall_before:
            time.sleep(wire.stall_before)
        body = wire.body
        if wire.encoding:
            wire.headers["Content-Encoding"] = wire.encoding
        elif self.hub.settings["gzip"] and len(body) > 1000 and not wire.plain \
                and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 1)
            wire.headers["Content-Encoding"] = "gzip"
            wire.headers["Vary"] = "Origin, Accept-Encoding"
        wire.headers["Content-Length"] = wire.length if wire.length is not None else len(body)
        wire.headers["Date"] = self.date_time_string()
        head = "HTTP/1.1 %d %s\r\n" % (wire.status, responses.get(wire.status, "")) + "".join(
            "%s: %s\r\n" % pair for pair in wire.headers.items()) + "\r\n"
        head = head.encode("utf-8")
        if wire.reset == "headers":
            self.wfile.write(head[:len(head) // 2])
            return self.break_off()
        if wire.cut is not None:
            body = body[:len(body) // 2] if wire.length is None else body
            self.wfile.write(head + body)
            self.close_connection = True
        elif wire.reset == "body":
            self.wfile.write(head + body[:len(body) // 2])
            return self.break_off()
        elif wire.stall_inside:
            self.wfile.write(head + body[:len(body) // 2])
            time.sleep(wire.stall_inside)
            self.wfile.write(body[len(body) // 2:])
        elif wire.drip:
            self.wfile.write(head)
            for at in range(0, len(body), max(wire.drip // 10, 1)):
                self.wfile.write(body[at:at + max(wire.drip // 10, 1)])
                time.sleep(0.1)
        else:
            self.wfile.write(head + body)

    def break_off(self):
        """Closes with a reset instead of an orderly end."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    # ---------- control

    def do_POST(self):
        self.hub.last_request = time.monotonic()
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path.startswith(CONTROL):
            return self.control(self.path[len(CONTROL):], data)
        path, headers = self.path.partition("?")[0], {"Content-Type": "application/json; charset=utf-8"}
        try:
            status, more, body = self.hub.others.paths_info(path, json.loads(data or "{}"), False)
            headers.update(more)
        except (Refusal, ValueError) as problem:
            status = getattr(problem, "status", 400)
            body = dumps({"error": getattr(problem, "text", "bad request")}).encode()
        self.send(faults.Wire(status, headers, body))

    def do_DELETE(self):
        self.control(self.path[len(CONTROL):], None)

    def control(self, what, data):
        hub = self.hub
        given = json.loads(data) if data else None
        what, _, text = what.partition("?")
        answer = {}
        with hub.lock:
            if what == "/faults" and self.command == "POST":
                hub.rules = [faults.Rule(spec) for spec in given]
                hub.fault_state = {}
            elif what == "/faults" and self.command == "DELETE":
                hub.rules = []
            elif what == "/log" and self.command == "GET":
                answer = hub.log
            elif what == "/log":
                hub.log = []
                hub.most = hub.active
            elif what == "/concurrent":
                answer = hub.most
            elif what == "/settings" and self.command == "POST":
                hub.settings.update(given)
                hub.used = {}
            elif what == "/settings":
                answer = hub.settings
            elif what == "/dataset":
                where = dict(parse_qsl(text))
                split = hub.viewer.datasets[where["dataset"]][where["config"]][where["split"]]
                answer = [dict(row, __row_idx=i, __cut=list(split.cut.get(i, ())))
                          for i, row in enumerate(split.rows)]
            elif what == "/deaf":
                self.server.deafen(given)
            elif what == "/dataset-names":
                answer = {name: list(next(iter(next(iter(configs.values())).values())).features)
                          for name, configs in hub.viewer.datasets.items()}
            elif what == "/rows":
                given = dict(parse_qsl(text))
                kind = given.pop("kind", "models")
                answer = hub.api.kinds[kind].rows if kind in hub.api.kinds.makers \
                    else hub.others.rows(kind, given)
            else:
                answer = {"error": "no such control"}
        body = b"\n".join(dumps(row).encode() for row in answer) if what in ("/rows", "/dataset") \
            else dumps(answer).encode()
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
                         % len(body) + body)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    deaf_until = 0
    fill = []

    def deafen(self, seconds):
        """So long nobody can connect: the kernel's queue is full. 0: at once again."""
        for filler in self.fill:
            filler.close()
        self.fill = []
        self.deaf_until = time.monotonic() + seconds
        self.socket.listen(0 if seconds else self.request_queue_size)
        if seconds:
            self.fill = [socket.socket() for _ in range(4)]
            for filler in self.fill:
                filler.setblocking(False)
                filler.connect_ex(self.server_address)

    def get_request(self):
        while time.monotonic() < self.deaf_until:
            time.sleep(0.01)
        return super().get_request()

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], (ConnectionError, ssl.SSLError, OSError)):
            super().handle_error(request, client_address)


def end_alone(hub, server):
    """Nobody has to stop a stand-in: it looks after itself."""
    while True:
        time.sleep(0.5)
        parent = hub.args.parent
        gone = parent and not os.path.exists("/proc/%d" % parent)
        if gone or time.monotonic() - hub.last_request > hub.args.idle:
            os._exit(0)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--models", type=int, default=1000)
    add("--datasets", type=int, help="default: a quarter of the models, at least 40")
    add("--spaces", type=int, help="the same")
    add("--papers", type=int, default=400, help="on the daily lists")
    add("--cache", default=CACHE, help="folder that keeps what was simulated once")
    add("--seed", type=int, default=1)
    add("--data", help="JSONL of models to serve instead of simulated ones (gzip allowed)")
    add("--recorded", help="folder of recorded responses to serve beside them")
    add("--viewer-examples", help="folder of recorded answers of the dataset viewer")
    add("--host", default="127.0.0.1")
    add("--port", type=int, default=0)
    add("--ready", help="file to write the port to")
    add("--token", help="the one valid token")
    add("--quota", type=int, default=1000000)
    add("--window", type=int, default=300)
    add("--latency-ms", type=float, default=0)
    add("--no-gzip", action="store_true")
    add("--redirect", action="append", default=[], help="old=new: a renamed repository")
    add("--tls", nargs=2, metavar=("CERT", "KEY"))
    add("--parent", type=int, help="process id; ends when that process is gone")
    add("--idle", type=float, default=900, help="seconds without a request, then it ends")
    return parser.parse_args()


def main():
    args = arguments()
    gc.disable()                        # millions of objects that all stay
    Handler.hub = Hub(args)
    gc.freeze()
    gc.enable()
    server = Server((args.host, args.port), Handler)
    if args.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*args.tls)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    port = server.server_address[1]
    if args.ready:
        with open(args.ready + ".new", "w") as f:
            f.write("%d\n" % port)
        os.rename(args.ready + ".new", args.ready)
    else:
        print("stand-in Hub at http://%s:%d" % (args.host, port), flush=True)
    threading.Thread(target=end_alone, args=(Handler.hub, server), daemon=True).start()
    server.serve_forever()


if __name__ == "__main__":
    main()
