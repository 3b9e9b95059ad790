#!/usr/bin/env python3
"""A server that misbehaves on request, for the tests of the transfer engine.

Prints its ports as "name=port" lines, then serves until its input ends.  The
path of a request says what the answer is; "n" in "/fail/500/n" counts per
path.  GET /log gives, and clears, what was seen.
"""
import gzip, json, os, socket, ssl, struct, subprocess, sys, threading, time, zlib

lock = threading.Lock()
seen = []
counts = {}
quota = {"left": 10 ** 9, "limit": 0, "end": 0.0, "window": 3.0, "refused": 0, "served": 0}
connections = 0


def counted(key):
    with lock:
        counts[key] = counts.get(key, 0) + 1
        return counts[key]


def reply(status, body=b"", headers=(), kind="application/json; charset=utf-8", length=None):
    lines = ["HTTP/1.1 %d X" % status]
    if kind:
        lines.append("Content-Type: " + kind)
    lines.append("Content-Length: %d" % (len(body) if length is None else length))
    lines.extend(headers)
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def ok(path, headers=()):
    return reply(200, json.dumps({"path": path}).encode(), headers)


def take_quota():
    """A fixed window; (allowed, headers)."""
    with lock:
        now = time.time()
        if now >= quota["end"]:
            quota["end"] = now + quota["window"]
            quota["left"] = quota["limit"]
        allowed = quota["left"] > 0
        if allowed:
            quota["left"] -= 1
            quota["served"] += 1
        else:
            quota["refused"] += 1
        left = max(1, int(quota["end"] - now + 0.999))
        return allowed, ['RateLimit: "api";r=%d;t=%d' % (quota["left"], left),
                         'RateLimit-Policy: "fixed window";"api";q=%d;w=%d'
                         % (quota["limit"], quota["window"])]


def reset(conn):
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


def wait_for_end(conn):
    try:
        while conn.recv(4096):
            pass
    except OSError:
        pass


def bomb(megabytes):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"[" + b" " * (1 << 20)
    out = b"".join(packer.compress(block) for _ in range(megabytes))
    return out + packer.flush()


def answer(conn, path, fields, me):
    """True: the connection goes on."""
    parts = path.split("?")[0].strip("/").split("/")
    what = parts[0]
    if what == "ok":
        conn.sendall(ok(path))
    elif what == "log":
        with lock:
            body = json.dumps(seen).encode()
            seen.clear()
        conn.sendall(reply(200, body))
    elif what == "fail":                    # /fail/STATUS/TIMES/key
        if counted(path) <= int(parts[2]):
            conn.sendall(reply(int(parts[1]), b'{"error":"it failed"}', ["X-Request-Id: rid-1"]))
        else:
            conn.sendall(ok(path))
    elif what == "error":                   # /error/STATUS
        conn.sendall(reply(int(parts[1]), b'{"error":"no such \\"thing\\""}',
                           ["X-Request-Id: rid-2", "X-Error-Code: RepoNotFound"]))
    elif what == "echo":
        conn.sendall(reply(400, json.dumps({"error": "you sent " + fields.get("authorization", "")}).encode()))
    elif what == "html":                    # /html/TIMES/key
        if counted(path) <= int(parts[1]):
            conn.sendall(reply(200, b"<html>", kind="text/html"))
        else:
            conn.sendall(ok(path))
    elif what == "empty":
        conn.sendall(reply(200, b""))
    elif what == "notjson":                 # /notjson/TIMES/key
        conn.sendall(reply(200, b"!") if counted(path) <= int(parts[1]) else ok(path))
    elif what == "cut":                     # /cut/TIMES/key
        if counted(path) <= int(parts[1]):
            conn.sendall(reply(200, b'{"a":', length=1000))
            return False
        conn.sendall(ok(path))
    elif what == "cutzip":
        if counted(path) <= int(parts[1]):
            body = gzip.compress(os.urandom(20000))[:9000]
            conn.sendall(reply(200, body, ["Content-Encoding: gzip"], length=20000))
            return False
        conn.sendall(ok(path))
    elif what == "reset":                   # /reset/before|within|body/TIMES/key
        if counted(path) <= int(parts[2]):
            if parts[1] == "within":
                conn.sendall(b"HTTP/1.1 200 OK\r\nContent-")
            elif parts[1] == "body":
                conn.sendall(reply(200, b"{", length=500))
            time.sleep(0.05)
            reset(conn)
            return False
        conn.sendall(ok(path))
    elif what == "stall":                   # /stall/headers|body|first
        if parts[1] == "headers":
            conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        elif parts[1] == "body":
            conn.sendall(reply(200, b'{"a":', length=5000))
        wait_for_end(conn)
        return False
    elif what == "drip":
        conn.sendall(reply(200, b"", length=100000))
        try:
            while True:
                conn.sendall(b" ")
                time.sleep(0.05)
        except OSError:
            return False
    elif what == "429":                     # /429/rate|after|date|bare/TIMES/key
        if counted(path) <= int(parts[2]):
            headers = {"rate": ['RateLimit: "api";r=0;t=1'], "after": ["Retry-After: 1"],
                       "long": ["Retry-After: 3600"], "bare": [],
                       "date": ["Retry-After: " + time.strftime("%a, %d %b %Y %H:%M:%S GMT",
                                                                time.gmtime(time.time() + 2))]}
            conn.sendall(reply(429, b"<html>slow down", headers[parts[1]], kind="text/html"))
        else:
            conn.sendall(ok(path))
    elif what == "quota":
        allowed, headers = take_quota()
        conn.sendall(ok(path, headers) if allowed else
                     reply(429, b'{"error":"too many"}', headers))
    elif what == "setquota":                # /setquota/LIMIT/WINDOW
        with lock:
            quota.update(limit=int(parts[1]), left=int(parts[1]), window=float(parts[2]),
                         end=time.time() + float(parts[2]), refused=0, served=0)
        conn.sendall(ok(path))
    elif what == "quotastate":
        conn.sendall(reply(200, json.dumps(quota).encode()))
    elif what == "exhausted":
        conn.sendall(ok(path, ['RateLimit: "api";r=0;t=%s' % parts[1],
                               'RateLimit-Policy: "fixed window";"api";q=500;w=300']))
    elif what == "redirect":                # /redirect/STATUS/…: to the rest, or ?to=
        to = path.split("?to=")[1] if "?to=" in path else "/" + "/".join(parts[2:])
        conn.sendall(reply(int(parts[1]), b"Temporary Redirect.", ["Location: " + to], kind="text/plain"))
    elif what == "loop":
        conn.sendall(reply(307, b"", ["Location: /loop"]))
    elif what == "page":                    # /page/N/LAST
        n, last = int(parts[1]), int(parts[2])
        link = []
        if n < last:
            link = ['Link: <http://%s/page/%d/%d?x=a,b>; rel="next"' % (fields["host"], n + 1, last)]
        conn.sendall(ok(path, link))
    elif what == "link":                    # ?to= : a page whose next link is anything
        conn.sendall(ok(path, ["Link: <%s>; rel=next" % path.split("?to=")[1]]))
    elif what == "self":                    # a page that names itself as the next
        conn.sendall(ok(path, ['Link: <%s>; rel="next"' % path]))
    elif what == "gzip":
        conn.sendall(reply(200, gzip.compress(b"[" + b" " * 100000 + b"]"), ["Content-Encoding: gzip"]))
    elif what == "bomb":
        conn.sendall(reply(200, bomb(int(parts[1])), ["Content-Encoding: gzip"]))
    elif what == "big":                     # /big/MEGABYTES, chunked, no length told
        conn.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n")
        block = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
        try:
            for _ in range(int(parts[1])):
                conn.sendall(block)
            conn.sendall(b"2\r\n[]\r\n0\r\n\r\n")
        except OSError:
            return False
    elif what == "headers":
        conn.sendall(b"HTTP/1.1 200 OK\r\n")
        try:
            for i in range(100000):
                conn.sendall(b"X-Fill-%d: %s\r\n" % (i, b"y" * 1000))
        except OSError:
            return False
        return False
    elif what == "close":                   # a kept connection that is dead
        conn.sendall(ok(path))
        return False
    elif what == "etag":
        if fields.get("if-none-match") == '"v1"':
            conn.sendall(b'HTTP/1.1 304 X\r\nETag: "v1"\r\n\r\n')
        else:
            conn.sendall(ok(path, ['ETag: "v1"']))
    elif what == "sleep":                   # /sleep/MILLISECONDS/…
        time.sleep(int(parts[1]) / 1000)
        conn.sendall(ok(path))
    elif what == "junk":
        conn.sendall(b"SSH-2.0-Peer\r\n\r\n")
        return False
    else:
        conn.sendall(reply(404, b'{"error":"Repository not found"}'))
    return True


def serve(conn, host):
    global connections
    with lock:
        connections += 1
        me = connections
    pending = b""
    try:
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        while True:
            while b"\r\n\r\n" not in pending:
                got = conn.recv(65536)
                if not got:
                    return
                pending += got
            head, pending = pending.split(b"\r\n\r\n", 1)
            lines = head.decode("latin-1").split("\r\n")
            path = lines[0].split(" ")[1]
            fields = {k.lower(): v.strip() for k, v in (l.split(":", 1) for l in lines[1:])}
            if not path.startswith("/log"):
                with lock:
                    seen.append({"path": path, "connection": me, "at": host,
                                 "authorization": fields.get("authorization"),
                                 "encoding": fields.get("accept-encoding"),
                                 "time": time.time()})
            if not answer(conn, path, fields, me):
                return
    except (OSError, ValueError):
        pass
    finally:
        try:
            conn.close()
        except OSError:
            pass


def listen(host, backlog=512):
    s = socket.socket()
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((host, 0))
    s.listen(backlog)
    return s


def accept_loop(s, host, wrap=None):
    while True:
        conn, _ = s.accept()

        def run(conn=conn):
            try:
                if wrap:
                    conn = wrap(conn)
            except (OSError, ssl.SSLError):
                return
            serve(conn, host)
        threading.Thread(target=run, daemon=True).start()


def start(name, host="127.0.0.1", wrap=None):
    s = listen(host)
    print("%s=%d" % (name, s.getsockname()[1]), flush=True)
    threading.Thread(target=accept_loop, args=(s, host, wrap), daemon=True).start()


def main():
    folder = sys.argv[1]
    start("main")
    start("other", "127.0.0.2")
    # accepts, and never says a word of TLS
    start("mute", wrap=lambda c: (wait_for_end(c), c)[1])
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", folder + "/key.pem", "-out", folder + "/cert.pem"],
                   check=True, stderr=subprocess.DEVNULL)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder + "/cert.pem", folder + "/key.pem")
    start("tls", wrap=lambda c: context.wrap_socket(c, server_side=True))
    # a full backlog: connecting to it never ends
    full = listen("127.0.0.1", 0)
    fill = []
    for _ in range(4):
        s = socket.socket()
        s.setblocking(False)
        try:
            s.connect(full.getsockname())
        except BlockingIOError:
            pass
        fill.append(s)
    print("full=%d" % full.getsockname()[1], flush=True)
    gone = listen("127.0.0.1")
    print("closed=%d" % gone.getsockname()[1], flush=True)
    gone.close()
    print("ready=1", flush=True)
    sys.stdin.read()


main()
