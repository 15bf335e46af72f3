"""Installs the product into a folder of its own, builds hosts in C and in C++ against it, loads it from Python, and lets
them connect Huma with a payroll system over HTTP. Arguments: the source tree, the build tree."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from host import Dovetail  # noqa: E402

source, build = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
KEY = "5e" * 32


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode not in (0, 1, 2) or done.stderr:
        sys.exit(f"{command}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def expect(what, held):
    if not held:
        sys.exit(f"did not hold: {what}")
    print("held:", what)


def start_sandbox(prefix, folder, *more):
    program = subprocess.Popen([prefix / "bin/dovetail", "sandbox", "huma", "poweroffice_go", "--people", "5", "--seed",
                                "3", "--credentials", folder / "credentials.json", *more],
                               stdout=subprocess.PIPE, text=True)
    urls = {}
    for line in program.stdout:
        words = line.split()
        if len(words) == 2 and words[0] in ("huma", "poweroffice_go"):
            urls[words[0]] = words[1]
        if line.startswith("Control"):
            break
    return program, urls


def call(method, url, body=None):
    request = urllib.request.Request(url, None if body is None else json.dumps(body).encode(),
                                     {"Content-Type": "application/json"}, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or "null")


def check_cpp_host(folder, urls, credentials):
    secrets = [f"hub.{name}={value}" for name, value in credentials["huma"].items()]
    secrets += [f"provider.{name}={value}" for name, value in credentials["poweroffice_go"].items()]
    host = subprocess.Popen([folder / "cpp_host/host", f"sqlite:{folder}/cpp.db", KEY, urls["huma"],
                             urls["poweroffice_go"], *secrets],
                            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        expect("a host in C++ connects two systems, and agrees on everybody",
               host.stdout.readline().endswith(", active\n"))
        users = call("GET", urls["huma"] + "/_sandbox/state/users")
        employees = call("GET", urls["poweroffice_go"] + "/_sandbox/state/employees")
        mails = {one["EmailAddress"] for one in employees.values()}
        person, mail = next((key, user["email"]) for key, user in users.items() if user["email"] in mails)
        call("PATCH", f"{urls['huma']}/_sandbox/state/users/{person}", {"givenName": "Endret"})
        # Another program, while the host has the store: the host takes the event in.
        left = run(folder / "prefix/bin/dovetail", "event", "norway", person, "--store", f"sqlite:{folder}/cpp.db",
                   "--key-file", folder / "key")
        expect("an event beside a host that has the store is kept for it", "kept for" in left.stdout)
        wait_for("the host pushes what the event is about", lambda: any(
            one["EmailAddress"] == mail and one["FirstName"] == "Endret"
            for one in call("GET", urls["poweroffice_go"] + "/_sandbox/state/employees").values()))
        said, _ = host.communicate("\n".join(users) + "\n", timeout=60)
        expect("and ends when nothing waits", said == "waiting 0, problems 0\n" and host.returncode == 0)
    finally:
        host.kill()
        host.wait()


def wait_for(what, is_so):
    end = time.monotonic() + 30
    while not is_so():
        if time.monotonic() > end:
            sys.exit(f"did not come about: {what}")
        time.sleep(0.05)
    print("came about:", what)


def check(folder):
    (folder / "key").write_text(KEY + "\n")
    (folder / "key").chmod(0o600)
    prefix = folder / "prefix"
    installed = subprocess.run(["cmake", "--install", build, "--prefix", prefix], capture_output=True, text=True)
    expect("the product installs", installed.returncode == 0)
    made = subprocess.run(f"cmake -S {source}/tests/packaging/c_host -B {folder}/host -G Ninja -DCMAKE_PREFIX_PATH={prefix} && "
                          f"cmake --build {folder}/host", shell=True, capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(made.stdout + made.stderr)
    made = subprocess.run(f"cmake -S {source}/tests/packaging/cpp_host -B {folder}/cpp_host -G Ninja "
                          f"-DCMAKE_PREFIX_PATH={prefix} && cmake --build {folder}/cpp_host",
                          shell=True, capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(made.stdout + made.stderr)
    headers = sorted(str(path.relative_to(prefix / "include")) for path in (prefix / "include").rglob("*.h*"))
    expect("a C++ host sees two headers, and nothing of the engine",
           headers == ["dovetail.h", "dovetail/runtime.hpp", "dovetail/values.hpp"])
    library = next(prefix.glob("lib*/**/libdovetail.so"))

    sandbox, urls = start_sandbox(prefix, folder)
    try:
        credentials = json.loads((folder / "credentials.json").read_text())
        wanted = {"name": "norway", "map": "poweroffice_go", "hub": "huma:" + urls["huma"],
                  "provider": "poweroffice_go:" + urls["poweroffice_go"], "hub_credentials": credentials["huma"],
                  "provider_credentials": credentials["poweroffice_go"], "test_system": True}
        store = {"store": f"sqlite:{folder}/store.db", "key": KEY}

        host = Dovetail(str(library), **store, create=True)
        expect("a runtime opens", host.opened == (0, {}))
        result, who = host.call("connection.introduce", **wanted)
        expect("both systems say who they are", result == 0 and who["provider"]["id"])
        result, added = host.call("connection.add", **wanted, company=who["provider"]["id"])
        expect("a connection is added", result == 0 and added["state"] == "fresh")
        threads = [threading.Thread(target=lambda i=i: host.call("event", connection="norway", person=f"p{i % 10}"))
                   for i in range(40)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        expect("events from many threads all wait", host.call("status", connection="norway")[1]["waiting"] == 40)
        result, answer = host.call("nosuch")
        expect("a call that is not there is refused", result == 2 and answer["error"]["kind"] == "input")
        second = Dovetail(str(library), **store)
        expect("a second runtime on the same file is refused", second.opened[0] == 2)
        host.close()

        answered = run(folder / "host/host", json.dumps(store), '{"call": "connection.list"}',
                       '{"call": "status", "connection": "norway"}')
        lines = [json.loads(line[2:]) for line in answered.stdout.splitlines()]
        expect("a host in C reads what the one in Python stored",
               lines[0]["connections"][0]["name"] == "norway" and lines[1]["waiting"] == 40)
        check_cpp_host(folder, urls, credentials)
        wrong = run(folder / "host/host", json.dumps({**store, "key": "00" * 32}))
        expect("another key is refused", wrong.returncode == 2 and '"error"' in wrong.stdout)
    finally:
        sandbox.terminate()
        sandbox.wait()


scratch = pathlib.Path(tempfile.mkdtemp(prefix="dovetail-"))
try:
    check(scratch)
finally:
    shutil.rmtree(scratch)
