"""Between the adapters and the simulated systems stands a proxy that spoils answers. Whatever it does: nobody is lost or
doubled, nothing fails in silence, exit codes are true, and the next run without it mends everything.

Arguments: the folder of the programs, the folder of the rule files; then `short` for the few that every build tries, `all` for
every kind at every call, or names of systems and parts of kinds. Without them every kind is tried once, each at another call."""
import itertools
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
sys.path += [str(HERE), str(HERE.parent / "wire_rows")]
import clients  # noqa: E402
import proxy  # noqa: E402

BINARIES, RULES = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
# The calls whose answers are spoiled: a list, a record, a change, an addition; and the proxied side.
CALLS = {
    "netvisor": ["GET .*getemployees", "GET .*getemployee.nv", "POST .*patchemployee.*=[1-9]", "POST .*method=add",
                 "POST .*editjobperiod.*=[1-9]"],
    "poweroffice_go": ["GET .*/Employees", "GET .*/ContactBankAccounts", "PATCH .*/Employees", "POST .*/Employees",
                       "POST .*/Token"],
    "finago": ["GET .*employee/v2", "GET .*employment/v2", "POST .*employee/v2/", "POST .*employee/v2 ", "POST .*employment/v2",
               "GET .*auth"],
    "huma": ["GET .*/users.limit", "GET .*/users/[^/]* ", "GET .*/positions", "PATCH .*/users", "POST .*/users ",
             "POST .*/token"],
}
# What each build tries: of each sort one, at each sort of call (its number in CALLS), once or 1,000 times.
SHORT = {
    "netvisor": [("HTML with 200", 0, 1), ("closed half-way", 1, 1), ("reset without an answer", 3, 1)],
    "poweroffice_go": [("a list that says there are more", 0, 1000), ("204 instead", 1, 1), ("closed without an answer", 3, 1)],
    "finago": [("everybody twice", 0, 1), ("200 without a body", 1, 1000), ("an error of a megabyte", 3, 1000)],
    "huma": [("another charset", 1, 1), ("refused every other time", 0, 1000), ("an error that paints", 3, 1000)],
}
# What is no spoiled answer but one that the system may well give: that somebody has no employments (any more).
PROPER = {("finago", "GET .*employment/v2", "[] with 200")}
# Where no header ends the answer is waited for as if there were none: two minutes an attempt, so not each time.
SILENT = {"bare line feeds"}
COUNTRY = {"netvisor": "FI", "poweroffice_go": "NO", "finago": "NO"}


class Pair:
    """A hub with one changed and one new person more than the provider, whose calls go through the proxy."""

    def __init__(self, spoiled, folder):
        self.folder, self.spoiled = folder, spoiled
        self.system = "netvisor" if spoiled == "huma" else spoiled
        self.process = subprocess.Popen(
            [BINARIES / "dovetail", "sandbox", "huma", self.system, "--people", "3", "--countries", COUNTRY[self.system],
             "--credentials", folder / "keys.json",
             *(["--set", "poweroffice_go.rate_limit=0"] if self.system == "poweroffice_go" else [])], stdout=subprocess.PIPE, text=True)
        self.urls = {}
        for line in self.process.stdout:
            found = re.match(r"(\w+) (http\S+)", line)
            if found:
                self.urls[found[1]] = found[2]
            if line.startswith("Control"):
                break
        self.proxy = proxy.Proxy(self.urls[spoiled])
        self.hub_pages, self.pages = clients.Keyboard(self.urls["huma"]), clients.Keyboard(self.urls[self.system])
        self.agree()

    def agree(self):
        """Everybody is linked but one, whom only the source knows: the other side of what is proxied."""
        (self.source, self.source_table), (self.target, self.target_table) = self.tables()
        if self.spoiled == "huma":
            (self.target, self.target_table), (self.source, self.source_table) = self.tables()
        self.changed, gone = sorted(self.source.rows(self.source_table))[:2]
        email = [value for key, value in self.source.row(self.source_table, gone).items() if key.lower().startswith("email")][0]
        for key, row in self.target.rows(self.target_table).items():
            if email in row.values():
                self.target.remove(self.target_table, key)
        done = self.sync(False, adds=False)
        if done.returncode == 2:
            sys.exit(done.stderr)
        self.start = {pages: pages.rows(table) for pages, table in self.tables()}
        self.base = {file.name: file.read_bytes() for file in self.folder.glob("base.json*")}

    def tables(self):
        return (self.hub_pages, "users"), (self.pages, "employees")

    def restore(self):
        """As it was, but for one change and one addition that are to be carried over."""
        for pages, table in self.tables():
            for key in pages.rows(table):
                if key not in self.start[pages]:
                    pages.remove(table, key)
            for key, row in self.start[pages].items():
                clients.take("PUT", f"{pages.url}/state/{table}/{key}", {}, json.dumps(row).encode())
        name = {"users": "familyName"}.get(self.source_table, "lastname")
        change = {name: "Changed"}
        if self.source_table == "users":
            first = self.start[self.source][self.changed]["positions"][0]
            change["positions"] = [dict(first, contractStartDate="2001-02-03")]
        else:
            first = self.start[self.source][self.changed]["periods"][0]
            change["periods"] = [dict(first, startdate="2001-02-03")]
        self.source.change(self.source_table, self.changed, change)
        for file in self.folder.glob("base.json*"):
            file.unlink()
        for name, content in self.base.items():
            (self.folder / name).write_bytes(content)
            (self.folder / name).chmod(0o600)

    def state(self):
        """What both sides are to agree on: e-mail, family name, start."""
        def short(row):
            folded = {key.lower(): value for key, value in row.items()}
            lists = folded.get("positions") or folded.get("periods") or folded.get("_employments") or [{}]
            start = lists[0].get("contractStartDate") or lists[0].get("startdate")
            return (folded.get("email") or folded.get("emailaddress"), folded.get("familyname") or folded.get("lastname"),
                    start if self.system != "poweroffice_go" else None)
        return tuple(sorted(short(row) for row in pages.rows(table).values()) for pages, table in self.tables())

    def sync(self, through_proxy, adds=True):
        urls = dict(self.urls)
        if through_proxy:
            urls[self.spoiled] = self.proxy.url
        path = "/api" if self.system == "finago" else ""
        hub_wins = self.spoiled != "huma"
        return subprocess.run(
            [BINARIES / "dovetail", "sync", "--map", RULES / f"{self.system}.map", "--hub", "huma:" + urls["huma"],
             "--provider", f"{self.system}:{urls[self.system]}{path}", "--credentials", self.folder / "keys.json", "--base",
             self.folder / "base.json", "--test-system", "--decide", "hub" if hub_wins else "provider",
             *(["--create", "provider" if hub_wins else "hub"] if adds else []), "--answer", "Payroll rule group=Kuukausipalkka",
             "--answer", "Contract type of positions added to Huma=permanent"], capture_output=True, text=True, errors="replace",
            timeout=600)

    def judge(self, kind, where, times):
        """What did not hold."""
        self.restore()
        before = self.state()
        self.proxy.spoil(kind, where, times)
        first = self.sync(True)
        hit, said = self.proxy.hits, first.stdout + first.stderr
        after = self.state()
        if hit == 0:
            return ["no call was spoiled: " + said[-300:]]
        wrong = []
        if first.returncode not in (0, 1, 2) or "terminate" in said or "Sanitizer" in said:
            wrong.append(f"it ended with {first.returncode}: {said[-400:]}")
        same = after[0] == after[1]
        if first.returncode == 0 and not same:
            wrong.append(f"exit 0, and the two sides differ: {said[-600:]}")
        if first.returncode == 2 and after != before:
            wrong.append(f"exit 2, and something was written: {said[-600:]}")
        if {"\x1b", "\x07", "\ufffd"} & set(said) or len(said) > 100_000:
            wrong.append(f"what it said is not fit for a terminal: {len(said)} characters, {said[:300]!r}")
        if first.returncode != 0 and not first.stderr.strip() and not first.stdout.strip():
            wrong.append("it failed without a word")
        for side in after:
            if len({each[0] for each in side}) != len(side):
                wrong.append(f"somebody was doubled: {side}; {said[-600:]}")
        for _ in range(2):
            second = self.sync(False)
        end = self.state()
        if second.returncode != 0 or end[0] != end[1] or "0 written" not in second.stdout:
            wrong.append(f"the runs after it did not mend it (exit {second.returncode}): {end}\nfirst: {said[-1500:]}\nlast: "
                         f"{second.stdout[-900:]}{second.stderr[-300:]}")
        return wrong


def cases(wanted):
    """(system, [(kind, call, times)])."""
    kinds, turn = [*proxy.SPOILERS, proxy.DRIP], itertools.count()
    for system, calls in CALLS.items():
        if wanted == ["short"]:
            yield system, [(kind, calls[call], times) for kind, call, times in SHORT[system]]
        elif wanted:
            if set(wanted) & set(CALLS) and system not in wanted:
                continue
            parts = [each for each in wanted if each not in CALLS and each != "all"]
            chosen = [kind for kind in kinds if not parts or any(part in kind for part in parts)]
            yield system, [(kind, call, times) for kind in chosen for call in calls for times in (1, 1000)
                           if (system, call, kind) not in PROPER and not (kind in SILENT and times > 1)]
        else:
            mine = [kind for number, kind in enumerate(kinds) if number % len(CALLS) == list(CALLS).index(system)]
            yield system, [(kind, calls[next(turn) % len(calls)], 1) for kind in mine]


def main():
    count, failures = 0, []
    for system, tried in cases(sys.argv[3:]):
        with tempfile.TemporaryDirectory() as folder:
            pair = Pair(system, pathlib.Path(folder))
            try:
                for kind, call, times in tried:
                    count += 1
                    if count % 100 == 0:
                        print(f"{system}: {count} of {len(tried)}", flush=True)
                    for wrong in pair.judge(kind, call, times):
                        failures.append(f"{system}, {call}, {kind} ({'once' if times == 1 else 'always'}): {wrong}")
                        print("did not hold:", failures[-1], flush=True)
            finally:
                pair.process.terminate()
                pair.process.wait()
    print(f"{count} cases, {len(failures)} failures")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
