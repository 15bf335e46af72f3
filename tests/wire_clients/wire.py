"""What the checklists share: raw calls, a sandbox that runs, and a list of what did not hold."""
import http.client
import json
import re
import subprocess
import urllib.parse


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def call(method, url, headers=None, body=None):
    """Headers and target go out as they are written here."""
    parts = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)
    target = url[url.index(parts.netloc) + len(parts.netloc):]
    if isinstance(body, str):
        body = body.encode()
    connection.putrequest(method, target, skip_accept_encoding=True)
    for name, value in (headers or {}).items():
        connection.putheader(name, value)
    if body is not None or method in ("POST", "PATCH", "PUT"):
        connection.putheader("Content-Length", str(len(body or b"")))
    connection.endheaders(body)
    answer = connection.getresponse()
    result = Answer(answer.status, answer.headers, answer.read())
    connection.close()
    return result


class Checklist:
    def __init__(self, name):
        self.name, self.count, self.wrong = name, 0, []

    def holds(self, what, condition, seen=""):
        self.count += 1
        if not condition:
            self.wrong.append(f"{self.name}: {what}: {seen}")


class Sandbox:
    """One system, with nobody else's people; `control` is what its maker does to it."""

    def __init__(self, binaries, system, *options):
        self.process = subprocess.Popen([binaries / "dovetail", "sandbox", system, "--people", "4", "--seed", "11", *options],
                                        stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if found := re.match(r"\w+ (http\S+)", line):
                self.url = found[1]
            if line.startswith("Control"):
                break
        self.keys = self.control("GET", "")["credentials"]

    def control(self, method, path, body=None):
        answer = call(method, f"{self.url}/_sandbox{path}", {}, None if body is None else json.dumps(body))
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer}")
        return answer.json

    def knob(self, **positions):
        self.control("PUT", "/knobs", positions)

    def rows(self, table):
        return self.control("GET", f"/state/{table}")

    def stop(self):
        self.process.terminate()
        self.process.wait()
