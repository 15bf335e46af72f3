"""The store and the workers, on SQLite and PostgreSQL, against simulated systems on this machine: tools/bench --durable."""
import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import wire

NEEDED = 115  # events a second: 10,000 connections of 500 people who change twice a day
POSTGRES = Path("/usr/lib/postgresql/15/bin")


def say(text):
    import sys
    print(f"tools/bench: {text}", file=sys.stderr, flush=True)


def line(name, ours, aim, ratio=None):
    told = f"{ratio:.2f}" if ratio is not None else "-"
    print(f"{name}\t{ours:.6g}\t{aim}\t{told}", flush=True)


class Server:
    """A PostgreSQL server of our own: fsync on, as it is used."""

    def __init__(self, work):
        self.folder = work / "postgres"
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self.made = 0
        user = {}
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(self.folder, "postgres", "postgres")
            for parent in self.folder.parents:
                if parent != Path("/") and not os.access(parent, os.X_OK):
                    raise SystemExit(f"tools/bench: the user postgres cannot enter {parent}")
            user = {"user": "postgres", "group": "postgres", "extra_groups": []}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/"}
        subprocess.run([POSTGRES / "initdb", "-D", self.folder / "data", "-A", "trust", "-U", "postgres", "-E", "UTF8",
                        "--locale=C.UTF-8"], check=True, **quiet, **user)
        self.process = subprocess.Popen([POSTGRES / "postgres", "-D", self.folder / "data", "-p", str(self.port), "-c",
                                         "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="], **quiet, **user)
        for _ in range(200):
            if self.process.poll() is not None:
                raise SystemExit("tools/bench: PostgreSQL does not start; was its port taken meanwhile? Run it again")
            if subprocess.run([POSTGRES / "pg_isready", "-h", "127.0.0.1", "-p", str(self.port)], **quiet).returncode == 0:
                return
            time.sleep(0.1)
        raise SystemExit("tools/bench: PostgreSQL does not start")

    def conninfo(self, name):
        return f"host=127.0.0.1 port={self.port} user=postgres dbname={name}"

    def query(self, name, statement):
        done = subprocess.run([POSTGRES / "psql", "-tA", "-d", self.conninfo(name), "-c", statement], check=True,
                              capture_output=True, text=True)
        return done.stdout.strip()

    def make(self):
        self.made += 1
        self.query("postgres", f"create database bench{self.made}")
        return f"bench{self.made}"

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Stores:
    """New, empty places for stores of one kind, and how large they have become."""

    def __init__(self, kind, work, server):
        self.kind, self.work, self.server = kind, work, server
        self.title = "PostgreSQL" if server else "SQLite"

    def new(self):
        if self.server:
            self.name = self.server.make()
            return "postgresql:" + self.server.conninfo(self.name)
        self.path = self.work / "durable.db"
        for file in self.work.glob("durable.db*"):
            shutil.rmtree(file) if file.is_dir() else file.unlink()
        return f"sqlite:{self.path}"

    def bytes(self):
        if self.server:
            self.server.query(self.name, "checkpoint")
            return int(self.server.query(self.name, "select pg_database_size(current_database())"))
        return self.path.stat().st_size


class Workers:
    """`dovetail work` in processes of its own."""

    def __init__(self, binaries, store, env):
        self.binaries, self.env, self.processes = binaries, {**env, "DOVETAIL_STORE": store}, []

    def start(self, threads, *more):
        self.processes.append(subprocess.Popen([self.binaries / "dovetail", "work", "--log", "none", "--sweep", "0",
                                                "--threads", str(threads), *more], env=self.env))
        return self.processes[-1]

    def run(self, *arguments):
        done = subprocess.run([self.binaries / "dovetail", *arguments], env=self.env, capture_output=True, text=True)
        if done.returncode == 2:
            raise SystemExit(f"tools/bench: dovetail {' '.join(map(str, arguments))}: {done.stderr}")
        return done

    def stop(self):
        for process in self.processes:
            if process.poll() is None:
                process.terminate()
                process.wait()


def control(url, path, body=None, method=None):
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(f"{url}/_sandbox{path}", data, method=method)) as answer:
        return json.load(answer)


def key_environment(work):
    rules = work / "rules"
    shutil.rmtree(rules, ignore_errors=True)
    shutil.copytree(Path(__file__).resolve().parents[2] / "rules", rules)
    with open(rules / "finago.map", "a", encoding="utf-8") as more:  # a day's changes take seconds here
        more.write("\nguard overwrites 1000000 or 100 %\n")
    return {**os.environ, "DOVETAIL_RULES": str(rules), "DOVETAIL_KEY": "b" * 64}


def connect(workers, sandbox, name):
    workers.run("connection", "add", name, "--map", "finago", "--hub", "huma:" + sandbox.urls["huma"], "--provider",
                f"finago:{sandbox.urls['finago']}/api", "--credentials", sandbox.keys, "--test-system", "on", "--yes")
    workers.run("sync", name, "--decide", "leave", "--create", "none")


def change_everybody(sandbox, turn):
    people = sorted(control(sandbox.urls["huma"], "/state/users"))
    for who in people:
        control(sandbox.urls["huma"], f"/state/users/{who}", {"familyName": f"Berg {turn}"}, "PATCH")
    return people


def sandbox_with(binaries, work, people):
    return wire.Sandbox(binaries, work, ["huma", "finago"], people, "NO")


def events_out(binaries, work, stores, env):
    """Every event is one person's change: two reads of the hub, two of the provider, a write, and the store's part. A
    connection is one worker's at a time, so there are as many as the most workers, each with systems of its own."""
    offices, people = 4, 100
    with contextlib.ExitStack() as systems:
        workers = Workers(binaries, stores.new(), env)
        workers.run("store", "init")
        sandboxes = {}
        for number in range(offices):
            office = f"office{number}"
            sandboxes[office] = systems.enter_context(sandbox_with(binaries, work, people))
            connect(workers, sandboxes[office], office)
        for turn, count in enumerate((1, 2, 4)):
            say(f"{stores.title}: {offices * people} changes in {offices} connections, {count} workers")
            events = work / "events.jsonl"
            events.write_text("".join(json.dumps({"connection": office, "person": who}) + "\n"
                                      for office, sandbox in sandboxes.items() for who in change_everybody(sandbox, turn)))
            workers.run("event", "--from", events)
            began = time.monotonic()
            if stores.server:
                for _ in range(count):
                    workers.start(1, "--until-idle")
            else:
                workers.start(count, "--until-idle")
            for process in workers.processes:
                if process.wait() != 0:
                    raise SystemExit("tools/bench: a worker failed")
            took = time.monotonic() - began
            workers.processes.clear()
            what = "processes" if stores.server else "threads"
            line(f"events out a second, {stores.title}, {count} workers ({what})", offices * people / took, NEEDED,
                 offices * people / took / NEEDED)


def take_over(binaries, work, stores, env):
    """From kill -9 of the worker that has a connection to the next write for it by another."""
    times = []
    with sandbox_with(binaries, work, 120) as sandbox:
        workers = Workers(binaries, stores.new(), env)
        workers.run("store", "init")
        connect(workers, sandbox, "office")
        control(sandbox.urls["finago"], "/faults", {"kind": "latency", "milliseconds": 150, "times": -1}, "POST")
        for turn in range(5):
            say(f"{stores.title}: kill -9, {turn + 1} of 5")
            events = work / "events.jsonl"
            events.write_text("".join(json.dumps({"connection": "office", "person": who}) + "\n"
                                      for who in change_everybody(sandbox, turn)))
            workers.run("event", "--from", events)
            control(sandbox.urls["finago"], "/calls", method="DELETE")
            first = workers.start(1)
            while writes_since(sandbox, 0) < 3:
                time.sleep(0.02)
            if stores.server:  # another one is there already
                workers.start(1)
                time.sleep(1)
            first.kill()
            killed = time.time()
            first.wait()
            if not stores.server:
                workers.start(1)
            while writes_since(sandbox, killed + 0.2) < 1:  # what was on its way is no take-over
                time.sleep(0.01)
            times.append(first_write(sandbox, killed + 0.2) - killed)
            workers.stop()
            workers.processes.clear()
            workers.run("work", "--until-idle", "--log", "none", "--threads", "4")
    what = "another process" if stores.server else "started again"
    line(f"take-over after kill -9, {stores.title} ({what}), worst of 5, s", max(times), 2, 2 / max(times))


def writes(sandbox):
    for call in control(sandbox.urls["finago"], "/calls")["calls"]:
        if call["method"] != "GET" and "auth" not in call["target"]:
            yield moment(call["at"])


def moment(text):
    import datetime
    return datetime.datetime.fromisoformat(text).timestamp()


def writes_since(sandbox, when):
    return sum(at >= when for at in writes(sandbox))


def first_write(sandbox, when):
    return min(at for at in writes(sandbox) if at >= when)


def inside(binaries, env, *arguments):
    done = subprocess.run([binaries / "durable_bench", *map(str, arguments)], env=env, capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"tools/bench: durable_bench {arguments}: {done.stderr}")
    return json.loads(done.stdout)


def manual_run(binaries, work, stores, env, people, aim):
    folder = work / f"made{people}"
    if not (folder / "truth.json").exists():
        say(f"making {people} people")
        subprocess.run([binaries / "make_people", "--ndjson", "--count", str(people), "--seed", "1", "--faults", "5",
                        "--out", folder], check=True)
    maps = work / "maps"
    shutil.rmtree(maps, ignore_errors=True)
    shutil.copytree(env["DOVETAIL_RULES"], maps)
    shutil.copytree(Path(__file__).resolve().parent / "maps", maps, dirs_exist_ok=True)
    where = stores.new()
    for which, own_aim in (("first", aim), ("second", None)):
        say(f"{stores.title}: a {which} manual run of {people} people")
        took = inside(binaries, {**env, "DOVETAIL_RULES": str(maps)}, "run", where, maps / "made.map",
                      folder / "huma.ndjson", folder / "netvisor.ndjson")
        run = f"{which} run, {people} people, {stores.title}"
        line(f"plan and durable base, {run}, s", took["plan_and_base"], own_aim or "-",
             own_aim and own_aim / took["plan_and_base"])
        line(f"CPU of that, {run}, s", took["cpu"], "-")
        line(f"keeping what the run has read, {run}, s", took["keep_what_was_read"], "-")
        line(f"most memory, {run}, MB", took["megabytes"], "-")
        if which == "first":
            line(f"bytes stored a person, {people} people, {stores.title}", stores.bytes() / people, "-")


def measure(binaries, work, counts):
    env = key_environment(work)
    kinds = [Stores("sqlite", work, None)]
    server = None
    if (POSTGRES / "postgres").exists():
        server = Server(Path("/tmp") / f"dovetail-bench-{os.getpid()}")
        kinds.append(Stores("postgresql", work, server))
    try:
        for stores in kinds:
            for threads in (1, 2, 4):
                say(f"{stores.title}: events in, {threads} senders")
                rate = inside(binaries, env, "events", stores.new(), threads, 20000)["a_second"]
                line(f"events in a second, {stores.title}, {threads} senders", rate, NEEDED, rate / NEEDED)
            events_out(binaries, work, stores, env)
            say(f"{stores.title}: latency")
            took = inside(binaries, env, "latency", stores.new(), 200)
            line(f"event to provider call, {stores.title}, p50, ms", took["p50"], "-")
            line(f"event to provider call, {stores.title}, p99, ms", took["p99"], "-")
            take_over(binaries, work, stores, env)
            say(f"{stores.title}: 1,000 idle connections")
            idle = inside(binaries, env, "idle", stores.new(), 1000)
            line(f"memory of an idle runtime, 1000 connections, {stores.title}, MB", idle["megabytes"], "-")
            line(f"CPU of an idle runtime, 1000 connections, {stores.title}, %", idle["cpu_percent"], "-")
        for people, aim in zip(counts, (1, 60)):
            for stores in kinds:
                manual_run(binaries, work, stores, env, people, aim)
    finally:
        if server:
            server.stop()
