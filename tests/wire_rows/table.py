"""The tables of rows.md."""
import dataclasses
import json
import re


@dataclasses.dataclass(frozen=True)
class Cell:
    """A value as the table writes it: JSON, or text where that is not JSON."""
    raw: str

    @property
    def value(self):
        try:
            return json.loads(self.raw)
        except ValueError:
            return self.raw


@dataclasses.dataclass(frozen=True)
class XmlText(Cell):
    @property
    def value(self):
        return "" if self.raw == '""' else self.raw


@dataclasses.dataclass(frozen=True)
class Row:
    field: str
    direction: str
    hub: str
    given: Cell | None
    sent: tuple | None  # the call, the member in its body
    stays: str          # the reason why nothing is sent
    text: Cell | None
    shown: str
    there: Cell | None
    then: object        # a Cell, "unchanged", or None
    emptied: str

    @property
    def case(self):
        """Lines of one case are about one person: what stands in brackets, else the field."""
        found = re.search(r"\((.*)\)$", self.field)
        return found[1] if found else self.field


def read_tables(file):
    """The rows by heading."""
    tables, rows = {}, None
    for line in file.read_text().splitlines():
        heading = re.match(r"## (.*)", line)
        if heading:
            rows = tables.setdefault(heading[1], [])
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if rows is None or not cells or cells[0] == "Huma field" or set(cells[0]) <= set("- "):
            continue
        rows.append(read_row(cells, XmlText if list(tables)[-1].startswith("netvisor") else Cell))
    return tables


def read_row(cells, there_type):
    field, direction, hub, given, sent, text, shown, there, then, emptied = cells
    stays = sent.removeprefix("not sent: ") if sent.startswith("not sent: ") else ""
    call, _, member = sent.rpartition(" ")
    return Row(field=field, direction=direction, hub=hub, given=Cell(given) if given else None,
               sent=(call, member) if sent and not stays else None, stays=stays, text=there_type(text) if text else None,
               shown=shown, there=there_type(there) if there else None,
               then="unchanged" if then == "unchanged" else Cell(then) if then else None, emptied=emptied)
