"""`datasets.read`: names, counts and labels from the columns of CSV and TSV files."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dinorc import datasets
from helpers import refused

TABLE = "name,sex,count\nEmma,F,19752\nLiam,M,20555\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table"


def read(file: Path, text: str | bytes, **columns: Any) -> Any:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return datasets.read(file, **columns)


@pytest.mark.parametrize("column", ["name", "Name", " NAME ", 0, -3])
def test_a_column_is_chosen_by_title_or_number(file: Path, column: Any) -> None:
    assert read(file, TABLE, column=column) == ["Emma", "Liam"]


def test_counts_and_labels_come_beside_the_names(file: Path) -> None:
    table = read(file, TABLE, column=0, count_column="count", label_column="sex")
    assert table == datasets.Columns(["Emma", "Liam"], [19752, 20555], ["F", "M"])
    names, counts, labels = read(file, TABLE, column="name", label_column=1)
    assert (names, counts, labels) == (["Emma", "Liam"], None, ["F", "M"])
    assert read(file, TABLE, count_column=2).names == ["Emma", "Liam"]
    assert read(file, "1;Emma;2.5\n2;Liam;3\n", count_column=2) == (
        ["Emma", "Liam"],
        [2.5, 3],
        None,
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found_out(file: Path, delimiter: str, line_end: str) -> None:
    text = TABLE.replace(",", delimiter).replace("\n", line_end)
    for columns in ({"column": "name"}, {"column": 0}):
        assert read(file, text, **columns) == ["Emma", "Liam"]
        assert read(file, "\ufeff" + text, **columns) == ["Emma", "Liam"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Emma,F,19752\nLiam,M,20555\n", ["Emma", "Liam"]),
        ("who,n\nEmma,19752\n", ["Emma"]),  # a text above numbers
        ("First name,Sex\nEmma,F\n", ["Emma"]),
        ("VORNAME\nEmma\n", ["Emma"]),
        ("Emma,F\nLiam,M\n", ["Emma", "Liam"]),
        ("Emma;1,5\nLiam;3\n", ["Emma", "Liam"]),  # a number, elsewhere
        ("Emma\nLiam\n", ["Emma", "Liam"]),
        ("Emma,3\n", ["Emma"]),
        ("Suriname\nPeru\n", ["Suriname", "Peru"]),
        ("Rue,nom\nSuis,verbe\nMer,nom\n", ["Rue", "Suis", "Mer"]),  # no title: it comes again
        ("", []),
        ("name,n\n,\n", []),
    ],
)
def test_a_header_is_recognised_where_there_is_one(file: Path, text: str, names: list[str]) -> None:
    assert read(file, text, column=0) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('name,n\n"Doe, Jane",1\n', ["Doe, Jane"]),
        ('name,n\n"say ""hi""",1\n', ['say "hi"']),
        ('name, n\n "Ann", 1\n', ["Ann"]),
        ("name,n\n\nAnn,1\n ,2\n  Bob ,3\n", ["Ann", "Bob"]),
        ('name\n"Doe, Jane"\nSam\n', ["Doe, Jane", "Sam"]),
        ("name\tn\nDoe, Jane\t1\nRoe, Jo\t2\n", ["Doe, Jane", "Roe, Jo"]),
        ("name,n\nNan,1\nInf,2\nNA,3\n", ["Nan", "Inf", "NA"]),
    ],
)
def test_cells_are_read_as_in_csv(file: Path, text: str, names: list[str]) -> None:
    assert read(file, text, column="name") == names
    assert read(file, text, column=0) == names


@pytest.mark.parametrize(
    ("text", "count"), [("7", 7), ("1,234", 1234), ("1234.5", 1234.5), ("1e3", 1000), ("0", 0)]
)
def test_counts_are_numbers(file: Path, text: str, count: float) -> None:
    assert read(file, f'name,n\nAnn,"{text}"\n', count_column="n").counts == [count]


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8
).filter(lambda text: text == text.strip())


@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 10**9)), min_size=1), st.sampled_from(",;\t")
)
def test_what_the_csv_module_writes_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, int]], delimiter: str
) -> None:
    file = tmp_path_factory.mktemp("written") / "table"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, delimiter=delimiter)
        writer.writerows([("name", "kind", "count"), *rows])
    table = datasets.read(file, column="name", count_column="count", label_column="kind")
    names, kinds, counts = map(list, zip(*rows, strict=True))
    assert table == (names, counts, kinds)


def test_a_table_without_rows_has_no_names(file: Path) -> None:
    assert read(file, "name,sex\n", label_column="sex") == ([], None, [])
    with refused(ValueError, "^label_column='size'"):
        read(file, "name,sex\n", label_column="size")


def test_several_files_follow_each_other(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Ann\nBob\n")
    (tmp_path / "b.csv").write_text("name,count\nEmma,3\n")
    (tmp_path / "c.tsv").write_text("count\tname\n4\tLiam\n")
    assert datasets.read(tmp_path / name for name in ("a.txt", "a.txt")) == ["Ann", "Bob"] * 2
    tables = [str(tmp_path / "b.csv"), tmp_path / "c.tsv"]
    assert datasets.read(tables, column="name", count_column="count") == (
        ["Emma", "Liam"], [3, 4], None,
    )  # fmt: skip
    assert datasets.read([]) == []


def test_a_compressed_file_is_known_by_its_content(file: Path) -> None:
    assert read(file, gzip.compress(b"Ann\nBob\n")) == ["Ann", "Bob"]
    assert read(file, gzip.compress(TABLE.encode()), column="name") == ["Emma", "Liam"]
    for damaged in (
        gzip.compress(b"Ann")[:-3],
        gzip.compress(b"Ann")[:5],
        b"\x1f\x8b\x08Ann\n" * 9,
    ):
        with refused(ValueError, "table is compressed by gzip, and damaged"):
            read(file, damaged)


@pytest.mark.parametrize(
    ("text", "columns", "mentions"),
    [
        (TABLE, {"column": "nme"}, ["^column='nme': there is no such", "'name', 'sex', 'count'"]),
        (TABLE, {"column": 3}, ["^column=3: there is no such column", "'name', 'sex', 'count'"]),
        (TABLE, {"column": -4}, ["^column=-4"]),
        (TABLE, {"column": 0, "label_column": "size"}, ["^label_column='size'"]),
        ("a,a\n1,2\n", {"column": "a"}, ["^column='a': there is more than one such"]),
        ("Ann,1\nBob\n", {"column": 0, "count_column": 1}, ["^line 2 of", "count_column=1"]),
        ("Ann,1\nBob,x\n", {"column": 0, "count_column": 1}, ["^line 2 of", "count 'x'"]),
        ("Ann,-1\n", {"column": 0, "count_column": 1}, ["count '-1'", "0 or more"]),
        ("Ann,nan\n", {"column": 0, "count_column": 1}, ["count 'nan'"]),
        ("Ann,\nBob,3\n", {"column": 0, "count_column": 1}, ["^line 1 of", "count ''"]),
        ("Ann,1e309\nBob,3\n", {"column": 0, "count_column": 1}, ["count '1e309'"]),
        (TABLE, {"column": "name", "label_column": 0}, ["^label_column=0", "column='name'"]),
        ('name,n\n"Ann,1\nBob,2\n', {"column": 0}, ["is not CSV", "quotation marks in pairs"]),
        ('"Ann" B,1\n', {"column": 0}, ["^line 1 of", "a delimiter expected after '\"'; exp"]),
        ('name,n\n"Ann\nBob",2\n', {"column": 0}, ["^line 3 of", "several lines"]),
        ("1,2\n", {"count_column": 0}, ["no other column of text"]),
    ],
)
def test_what_a_table_lacks_is_named(
    file: Path, text: str, columns: dict[str, Any], mentions: list[str]
) -> None:
    with refused(ValueError, *mentions):
        read(file, text, **columns)


@pytest.mark.parametrize("column", [1.5, True, ["name"], b"name"])
def test_a_column_has_a_title_or_a_number(file: Path, column: Any) -> None:
    for argument in ("column", "count_column", "label_column"):
        with refused(TypeError, f"^{argument} is ", "name of a column, or its number"):
            read(file, TABLE, **{argument: column})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Emma,19752\nLiam,20555\n", 0),
        ("name\tcount\nEmma\t19752\nLiam\t20555\n", 0),
        ("1;F;Emma;19752\n2;M;Liam;20555\n3;x\n", 2),
    ],
)
def test_a_table_read_as_a_plain_list_is_told(file: Path, text: str, place: int) -> None:
    with pytest.warns(
        UserWarning, match=rf"most lines of .*table end in a number.*column={place} "
    ):
        names = read(file, text)
    assert names == text.splitlines()


@pytest.mark.parametrize(
    "text",
    ["Henry 8\nLouis 14\n", "Doe, Jane\nRoe, 7 Jo\n", "Ann,1\nBob\n", "a1\nb2\n", "1,2\n3,4\n", ""],
)
def test_a_plain_list_is_no_table(file: Path, text: str) -> None:
    assert read(file, text) == text.splitlines()
