"""A proxy between a client and a simulated system that spoils single answers in ways the simulated system cannot."""
import gzip
import re
import socket
import struct
import threading


class Answer:
    """An answer as it came: what a spoiler makes its bytes of."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def without(self, *names):
        return [(key, value) for key, value in self.headers if key.lower() not in names]

    def bytes(self, body=None, headers=None, status=None, length=None, more=()):
        """The whole answer, with a true Content-Length unless `length` says another; "": with none."""
        body = self.body if body is None else body
        kept = self.without("content-length", "transfer-encoding") if headers is None else headers
        lines = [f"HTTP/1.1 {status or self.status}"] + [f"{key}: {value}" for key, value in [*kept, *more]]
        if length != "":
            lines.append(f"Content-Length: {len(body) if length is None else length}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body


class Close(Exception):
    """The connection ends after these bytes; by a reset where `reset`."""

    def __init__(self, data, reset=False):
        super().__init__()
        self.data, self.reset = data, reset


def chunked(answer, text, closes=False):
    data = answer.bytes(b"", length="", more=[("Transfer-Encoding", "chunked")]) + text
    if closes:
        raise Close(data)
    return data


def chunk(body):
    return b"%x\r\n%s\r\n" % (len(body), body)


def close(data, reset=False):
    raise Close(data, reset)


HTML = b"<html><body><h1>Welcome to our network</h1>Please log in.</body></html>"
BOMB = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "xxxx"><!ENTITY c "&b;&b;&b;&b;">]><Root><a>&c;</a></Root>'
PLAIN = [("Content-Type", "application/json")]


def interchanged(answer, proxy):
    """What another call was answered before."""
    return (proxy.former or answer).bytes()


# Name: what goes back instead of the answer.
SPOILERS = {
    "chunk size is no number": lambda a, p: chunked(a, b"ZZ\r\n" + a.body, closes=True),
    "chunk size is negative": lambda a, p: chunked(a, b"-5\r\n" + a.body + b"\r\n0\r\n\r\n", closes=True),
    "chunk size is huge": lambda a, p: chunked(a, b"FFFFFFFFFFFFFFFFF\r\n" + a.body, closes=True),
    "chunk is shorter than its size": lambda a, p: chunked(a, b"%x\r\n" % (len(a.body) + 50) + a.body, closes=True),
    "chunks never end": lambda a, p: chunked(a, chunk(a.body), closes=True),
    "chunks are right": lambda a, p: chunked(a, chunk(a.body[:9]) + chunk(a.body[9:]) + b"0\r\n\r\n") if len(a.body) > 9
    else a.bytes(),
    "chunks and a length": lambda a, p: chunked(a, b"", False).replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n", 1) +
    chunk(a.body) + b"0\r\n\r\n" if a.body else a.bytes(),
    "gzip that nobody asked for": lambda a, p: a.bytes(gzip.compress(a.body), more=[("Content-Encoding", "gzip")]),
    "gzip that is none": lambda a, p: a.bytes(more=[("Content-Encoding", "gzip")]),
    "gzip that is cut": lambda a, p: a.bytes(gzip.compress(a.body)[:-9], more=[("Content-Encoding", "gzip")]),
    "gzip bomb": lambda a, p: a.bytes(gzip.compress(b" " * 200_000_000, 1), more=[("Content-Encoding", "gzip")]),
    "an unknown encoding": lambda a, p: a.bytes(more=[("Content-Encoding", "zstd")]),
    "the length twice": lambda a, p: a.bytes(more=[("Content-Length", str(len(a.body)))]),
    "two different lengths": lambda a, p: a.bytes(length=len(a.body), more=[("Content-Length", "5")]),
    "length too long": lambda a, p: close(a.bytes(length=len(a.body) + 100)),
    "length too short": lambda a, p: a.bytes(length=max(len(a.body) - 20, 0)),
    "length is no number": lambda a, p: close(a.bytes(length="many")),
    "length is negative": lambda a, p: close(a.bytes(length=-1)),
    "no length, closed": lambda a, p: close(a.bytes(length="", more=[("Connection", "close")])),
    "no length, closed half-way": lambda a, p: close(a.bytes(a.body[:len(a.body) // 2], length="", more=[("Connection", "close")])),
    "closed half-way": lambda a, p: close(a.bytes(length=len(a.body))[:-(len(a.body) // 2 + 1)]),
    "closed without an answer": lambda a, p: close(b""),
    "reset without an answer": lambda a, p: close(b"", reset=True),
    "reset in the headers": lambda a, p: close(a.bytes()[:30], reset=True),
    "early hints first": lambda a, p: b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n" + a.bytes(),
    "continue first": lambda a, p: b"HTTP/1.1 100 Continue\r\n\r\n" + a.bytes(),
    "early hints only": lambda a, p: close(b"HTTP/1.1 103 Early Hints\r\n\r\n"),
    "204 with a body": lambda a, p: a.bytes(status="204 No Content"),
    "204 instead": lambda a, p: a.bytes(b"", status="204 No Content"),
    "200 without a body": lambda a, p: a.bytes(b"", status="200 OK"),
    "202 instead": lambda a, p: a.bytes(b"", status="202 Accepted"),
    "206 half of it": lambda a, p: a.bytes(a.body[:len(a.body) // 2], status="206 Partial Content"),
    "HTML with 200": lambda a, p: a.bytes(HTML, status="200 OK", headers=[("Content-Type", "text/html")]),
    "HTML that calls itself JSON": lambda a, p: a.bytes(HTML, status="200 OK", headers=PLAIN),
    "null with 200": lambda a, p: a.bytes(b"null", status="200 OK", headers=PLAIN),
    "[] with 200": lambda a, p: a.bytes(b"[]", status="200 OK", headers=PLAIN),
    "{} with 200": lambda a, p: a.bytes(b"{}", status="200 OK", headers=PLAIN),
    "an error with 200": lambda a, p: a.bytes(b'{"error":"internal","success":false}', status="200 OK", headers=PLAIN),
    "entities of its own": lambda a, p: a.bytes(BOMB, status="200 OK", headers=[("Content-Type", "text/xml")]),
    "another charset": lambda a, p: a.bytes(a.body.decode("utf-8", "replace").encode("latin-1", "replace"),
                                            headers=a.without("content-type", "content-length", "transfer-encoding") +
                                            [("Content-Type", "application/json; charset=iso-8859-1")]),
    "a byte order mark": lambda a, p: a.bytes(b"\xef\xbb\xbf" + a.body if a.body else b""),
    "UTF-16": lambda a, p: a.bytes(a.body.decode("utf-8", "replace").encode("utf-16")),
    "NUL bytes": lambda a, p: a.bytes(a.body.replace(b'"', b'\0"', 3)),
    "cut, with a true length": lambda a, p: a.bytes(a.body[:len(a.body) * 2 // 3]),
    "garbage behind": lambda a, p: a.bytes(a.body + b"garbage"),
    "two answers": lambda a, p: a.bytes() + a.bytes(HTML, status="200 OK"),
    "an interchanged answer": interchanged,
    "300 kB of headers": lambda a, p: a.bytes(more=[(f"X-Filler-{n}", "y" * 1000) for n in range(300)]),
    "10,000 headers": lambda a, p: a.bytes(more=[(f"X-{n}", "y") for n in range(10_000)]),
    "a header without colon": lambda a, p: a.bytes(more=[]).replace(b"\r\n", b"\r\nnocolonhere\r\n", 1),
    "a folded header": lambda a, p: a.bytes(more=[("X-Folded", "a\r\n b")]),
    "bare line feeds": lambda a, p: a.bytes().replace(b"\r\n", b"\n") if b"\r\n" not in a.body else a.bytes(),
    "no such status": lambda a, p: a.bytes(status="999 What"),
    "status is no number": lambda a, p: a.bytes(status="OK 200"),
    "not HTTP": lambda a, p: close(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "a redirect to the same place": lambda a, p: a.bytes(b"", status="307 Temporary Redirect", more=[("Location", "/")]),
    "a redirect to another host": lambda a, p: a.bytes(b"", status="302 Found", more=[("Location", "http://example.com/")]),
    "too many calls, wait for years": lambda a, p: a.bytes(b"", status="429 Too Many", more=[("Retry-After", "99999999")]),
    "too many calls, wait for minus five": lambda a, p: a.bytes(b"", status="429 Too Many", more=[("Retry-After", "-5")]),
    "unavailable, wait until some day": lambda a, p: a.bytes(b"", status="503 Gone", more=[("Retry-After", "someday")]),
    "a gateway's 502": lambda a, p: a.bytes(HTML, status="502 Bad Gateway", headers=[("Content-Type", "text/html")]),
    "a proxy's 407": lambda a, p: a.bytes(HTML, status="407 Proxy Authentication Required"),
    "a proxy's 404": lambda a, p: a.bytes(HTML, status="404 Not Found", headers=[("Content-Type", "text/html")]),
}
DRIP = "dripped byte by byte"


class Proxy:
    """Listens on a port of its own. `spoil(kind, where, times)`: so many answers to calls that match are spoiled."""

    def __init__(self, url):
        self.upstream = re.match(r"http://([\d.]+):(\d+)", url).groups()
        self.lock, self.kind, self.where, self.left, self.hits, self.former = threading.Lock(), None, None, 0, 0, None
        self.server = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.url = f"http://127.0.0.1:{self.server.getsockname()[1]}"
        threading.Thread(target=self.accept, daemon=True).start()

    def spoil(self, kind, where, times=1):
        with self.lock:
            self.kind, self.where, self.left, self.hits = kind, re.compile(where), times, 0

    def accept(self):
        while True:
            client, _ = self.server.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        upstream = socket.create_connection((self.upstream[0], int(self.upstream[1])))
        upstream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        source, answers = client.makefile("rb"), upstream.makefile("rb")
        try:
            while True:
                head, body = read_message(source)
                if not head:
                    return
                upstream.sendall(head + body)
                answer = read_answer(answers)
                client.sendall(self.spoiled(head, answer, client))
        except Close as end:
            client.sendall(end.data)
            if end.reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (OSError, ValueError):
            pass
        finally:
            for each in (source, answers, client, upstream):
                each.close()

    def spoiled(self, head, answer, client):
        line = head.split(b"\r\n", 1)[0].decode("latin-1")
        with self.lock:
            hit = self.left > 0 and self.where.search(line) is not None
            if hit:
                self.left, self.hits = self.left - 1, self.hits + 1
            kind = self.kind
        if not hit:
            if line.startswith("GET") and "auth" not in line.lower():
                self.former = answer
            return answer.bytes()
        if kind == DRIP:
            for byte in answer.bytes():
                client.sendall(bytes([byte]))
            return b""
        return SPOILERS[kind](answer, self)


def read_message(source):
    """The head and the body of a request."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = source.readline()
        if not line:
            return b"", b""
        head += line
    length = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return head, source.read(int(length[1])) if length else b""


def read_answer(source):
    status = source.readline().decode("latin-1").strip().split(" ", 1)[1]
    headers = []
    while (line := source.readline().strip()):
        key, _, value = line.decode("latin-1").partition(":")
        headers.append((key, value.strip()))
    answer = Answer(status, headers, b"")
    if "chunked" in answer.header("transfer-encoding"):
        while (size := int(source.readline(), 16)):
            answer.body += source.read(size)
            source.readline()
        source.readline()
    else:
        answer.body = source.read(int(answer.header("content-length") or 0))
    return answer
