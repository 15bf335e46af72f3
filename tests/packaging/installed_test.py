"""Installs the product into a folder of its own, builds a host in C against it, loads it from Python, and lets both
connect Huma with a payroll system over HTTP. Arguments: the source tree, the build tree."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

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


def check(folder):
    prefix = folder / "prefix"
    installed = subprocess.run(["cmake", "--install", build, "--prefix", prefix], capture_output=True, text=True)
    expect("the product installs", installed.returncode == 0)
    made = subprocess.run(f"cmake -S {source}/tests/packaging/c_host -B {folder}/host -G Ninja -DCMAKE_PREFIX_PATH={prefix} && "
                          f"cmake --build {folder}/host", shell=True, capture_output=True, text=True)
    if made.returncode != 0:
        sys.exit(made.stdout + made.stderr)
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
