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


def twice(body):
    """The first value of the first record stands there twice, first as another one."""
    if body.lstrip().startswith(b"<"):
        return re.sub(rb"(<(lastname|city)>)([^<]*)(</\2>)", rb"\1doubled\4\1\3\4", body, count=1)
    return re.sub(rb'("(?:id|Id|empId|familyName|lastname|LastName)" ?: ?)', rb'\1"doubled",\1', body, count=1)


def repeated(body):
    """A list with each of its rows once more, as where a page was asked for and the one before it came."""
    if body.lstrip().startswith(b"<"):
        return re.sub(rb"(<employees>)(.*)(</employees>)", rb"\1\2\2\3", body, flags=re.DOTALL)
    if body.startswith(b"["):
        return b"[" + body[1:-1] + b"," + body[1:] if len(body) > 2 else body
    found = re.match(rb'(\{"items":\[)(.*)(\],"total".*)', body, re.DOTALL)
    return found[1] + found[2] + b"," + found[2] + found[3] if found and found[2] else body


def says_of_rest(answer, count):
    """Another total, and a link to a next page where there is none."""
    pages = f'{{"totalPages":{count},"nextPageLink":"http://127.0.0.1:1/v2/Employees?PageNumber=2"}}'
    headers = answer.without("x-pagination", "content-length", "transfer-encoding")
    return answer.bytes(re.sub(rb'"total":\d+', b'"total":%d' % count, answer.body), headers=[*headers, ("X-Pagination", pages)])


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
    "chunks with a trailer of garbage": lambda a, p: chunked(a, chunk(a.body) + b"0\r\nX-After: y\r\nno colon\r\n\r\n")
    if a.body else a.bytes(),
    "chunks with extensions": lambda a, p: chunked(a, chunk(a.body).replace(b"\r\n", b";name=\"x\"\r\n", 1) + b"0\r\n\r\n")
    if a.body else a.bytes(),
    "gzip twice": lambda a, p: a.bytes(gzip.compress(gzip.compress(a.body)), more=[("Content-Encoding", "gzip, gzip")]),
    "gzip with something behind": lambda a, p: a.bytes(gzip.compress(a.body) + b"xyz", more=[("Content-Encoding", "gzip")]),
    "UTF-16 that says so": lambda a, p: a.bytes(
        a.body.decode("utf-8", "replace").encode("utf-16"),
        headers=[*a.without("content-type", "content-length", "transfer-encoding"),
                 ("Content-Type", "application/json; charset=utf-16")]),
    "letters that are none": lambda a, p: a.bytes(a.body.replace(b"e", b"\xff", 5)),
    "a member twice": lambda a, p: a.bytes(twice(a.body)),
    "everybody twice": lambda a, p: a.bytes(repeated(a.body)),
    "a list that says there are more": lambda a, p: says_of_rest(a, 99),
    "a list that says there are none": lambda a, p: says_of_rest(a, 0),
    "nested without end": lambda a, p: a.bytes(b"[" * 200_000, status="200 OK", headers=PLAIN),
    "elements without end": lambda a, p: a.bytes(b"<Root>" * 200_000, status="200 OK", headers=[("Content-Type", "text/xml")]),
    "a body without end": lambda a, p: close(a.bytes(b" " * 400_000_000, length="", more=[("Connection", "close")])),
    "blank lines before": lambda a, p: b"\r\n\r\n" + a.bytes(),
    "blank lines behind": lambda a, p: a.bytes() + b"\r\n\r\n",
    "says that it closes": lambda a, p: close(a.bytes(more=[("Connection", "close")])),
    "says that it closes, and does not": lambda a, p: a.bytes(more=[("Connection", "close")]),
    "closes without saying so": lambda a, p: close(a.bytes()),
    "HTTP/1.0": lambda a, p: close(a.bytes().replace(b"HTTP/1.1", b"HTTP/1.0", 1)),
    "HTTP/9.9": lambda a, p: a.bytes().replace(b"HTTP/1.1", b"HTTP/9.9", 1),
    "304 instead": lambda a, p: a.bytes(b"", status="304 Not Modified"),
    "refused every other time": lambda a, p: a.bytes(b"", status="401 Unauthorized") if p.hits % 2 else a.bytes(),
    "too many calls, wait until a day long ago": lambda a, p: a.bytes(
        b"", status="429 Too Many", more=[("Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT")]),
    "too many calls, wait until a day far off": lambda a, p: a.bytes(
        b"", status="429 Too Many", more=[("Retry-After", "Fri, 31 Dec 2199 23:59:59 GMT")]),
    "an error that paints": lambda a, p: a.bytes(
        b'{"title":"\\u001b[2J\x1b[31mred","detail":"\x07","errorMessage":"\x1b]0;x\x07"}', status="400 Bad", headers=PLAIN),
    "an error of a megabyte": lambda a, p: a.bytes(b'{"detail":"' + b"long " * 200_000 + b'"}', status="400 Bad", headers=PLAIN),
}
DRIP = "dripped byte by byte"
# Who answers so has not carried the call out: a gateway in front, which does not pass it on.
GATEWAY = {"refused every other time", *(kind for kind in SPOILERS if kind.startswith("too many calls"))}


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
                kind = self.struck(head)
                if kind in GATEWAY and (refused := SPOILERS[kind](Answer("", [], b""), self)).startswith(b"HTTP/1.1 4"):
                    client.sendall(refused)
                    continue
                upstream.sendall(head + body)
                answer = read_answer(answers)
                client.sendall(self.spoiled(kind, head, answer, client))
        except Close as end:
            client.sendall(end.data)
            if end.reset:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        except (OSError, ValueError):
            pass
        finally:
            for each in (source, answers, client, upstream):
                each.close()

    def struck(self, head):
        """The kind of trouble that this call meets; None: none."""
        line = head.split(b"\r\n", 1)[0].decode("latin-1")
        with self.lock:
            if self.left <= 0 or self.where.search(line) is None:
                return None
            self.left, self.hits = self.left - 1, self.hits + 1
            return self.kind

    def spoiled(self, kind, head, answer, client):
        if kind in GATEWAY:
            return answer.bytes()
        if kind is None:
            if head.startswith(b"GET") and b"auth" not in head.split(b"\r\n", 1)[0].lower():
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
