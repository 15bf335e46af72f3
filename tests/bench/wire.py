"""Calls, speed and memory over HTTP, against simulated systems on this machine: tools/bench --wire."""
import json
import math
import re
import subprocess
import urllib.request

SYSTEMS = {  # provider: country of its people, path of its address, answers that creating people needs
    "netvisor": ("FI", "", ["--answer", "Payroll rule group=Kuukausipalkka"]),
    "poweroffice_go": ("NO", "", []),
    "finago": ("SE", "/api", ["--answer", "Job title of positions added to Huma=Employee"]),
}
# The least calls that the API allows: to read n people with what the rules use, and to change one value of one person
# whose record is read first, so that nothing is overwritten unseen, and of which it is known what is there afterwards:
# Netvisor's answers name no values. Tokens and the check of the credentials left out.
LEAST_TO_READ = {
    "huma": lambda n: math.ceil(n / 50) + 2 * n,  # pages of 50 that lack details and positions
    "netvisor": lambda n: 1 + n,                  # the list has no e-mail
    "poweroffice_go": lambda n: 2 * math.ceil(n / 5000),  # employees and bank accounts
    "finago": lambda n: 1 + n,                    # employments stand by themselves
}
LEAST_TO_CHANGE = {"netvisor": 3, "poweroffice_go": 2, "finago": 2}
BESIDES = {"token", "auth", "groups", "integration", "organization", "getemployees.nv", "getemployee.nv",
           "employee.nv", "patchemployee.nv", "addjobperiod.nv", "editjobperiod.nv"}


class Sandbox:
    def __init__(self, binaries, work, systems, people, country, *more):
        self.keys = work / "keys.json"
        self.process = subprocess.Popen(
            [binaries / "dovetail", "sandbox", *systems, "--people", str(people), "--countries", country,
             "--credentials", self.keys, *more], stdout=subprocess.PIPE, text=True)
        self.urls = {}
        for line in self.process.stdout:
            found = re.match(r"(\w+) (http\S+)", line)
            if found:
                self.urls[found[1]] = found[2]
            if line.startswith("Control"):
                break

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def counted(errors):
    """Calls by system, without those that every run makes once."""
    calls = {}
    for line in errors.splitlines():
        found = re.match(r"(\w+): \d+ calls? \((.*?)\)", line)
        if found:
            parts = (part.rsplit(" ", 1) for part in found[2].split(", "))
            calls[found[1]] = sum(int(number) for name, number in parts if name not in BESIDES)
    return calls


def change_somebody(url):
    users = json.load(urllib.request.urlopen(f"{url}/_sandbox/state/users"))
    who = sorted(users)[0]
    body = json.dumps({"familyName": "Changed"}).encode()
    urllib.request.urlopen(urllib.request.Request(f"{url}/_sandbox/state/users/{who}", body, method="PATCH"))


def count_calls(binaries, work, people, line):
    for provider, (country, path, answers) in SYSTEMS.items():
        base = work / "wire.base.json"
        for file in work.glob("wire.base.json*"):
            file.unlink()
        with Sandbox(binaries, work, ["huma", provider], people, country) as sandbox:
            command = [binaries / "dovetail", "sync", "--map", provider, "--hub", "huma:" + sandbox.urls["huma"],
                       "--provider", f"{provider}:{sandbox.urls[provider]}{path}", "--credentials", sandbox.keys,
                       "--base", base, "--test-system", "--decide", "hub", "--kind", "conflict", "--kind", "change",
                       *answers]
            runs = []
            for step in ("first", "quiet", "changed"):
                if step == "changed":
                    change_somebody(sandbox.urls["huma"])
                done = subprocess.run(command, capture_output=True, text=True)
                if done.returncode == 2:
                    raise SystemExit(done.stderr)
                runs.append(counted(done.stderr))
        for system in ("huma", provider):
            line(f"calls, a manual run of {people} people, {provider}: {system}", runs[1][system],
                 LEAST_TO_READ[system](people))
        line(f"calls, one changed person, {provider}", runs[2][provider] - runs[1][provider], LEAST_TO_CHANGE[provider])


def read_everybody(binaries, rules, work, people, line, memory):
    for system, (country, path, _) in {"huma": ("FI", "", []), **SYSTEMS}.items():
        with Sandbox(binaries, work, [system], people, country) as sandbox:
            done = subprocess.run([binaries / "wire_bench", rules, system, sandbox.urls[system] + path, sandbox.keys,
                                   *(["--memory"] if memory else [])], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(done.stderr)
        took = json.loads(done.stdout)
        if memory:
            print(f"memory, {people} people read, {system}\t{took['memory_mb']} MB\t"
                  f"{took['memory_before_mb']} MB before\t{took['wall']:.0f} s", flush=True)
            continue
        print(f"people a second, {people} people, {system}\t{took['people'] / took['wall']:.0f}", flush=True)
        line(f"CPU seconds, {people} people, {system}, beside a bare client", took["cpu"], took["bare_cpu"])


def measure(binaries, rules, work, people, many):
    def line(name, ours, other):
        print(f"{name}\t{ours:.6g}\t{other:.6g}\t{ours / other:.2f}", flush=True)

    count_calls(binaries, work, people, line)
    read_everybody(binaries, rules, work, people, line, False)
    read_everybody(binaries, rules, work, many, line, True)
