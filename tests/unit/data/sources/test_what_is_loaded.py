"""Who reads no workbook, no Parquet file and no MariaDB pays for none of their readers, nor for pinyin."""

import subprocess
import sys

import pytest

HEAVY = ["docx", "duckdb", "openpyxl", "pymysql", "pypinyin"]
READ = """
import sys, django
django.setup()
from yitong.data.sources.api import open_table, tables_at
tables_at(sys.argv[1])
assert len(list(open_table(sys.argv[1]).rows())) == 1
print(*sorted(set({heavy!r}) & set(sys.modules)))
"""


@pytest.mark.slow
def test_a_process_that_reads_csv_loads_no_other_reader(tmp_path):
    path = tmp_path / "表.csv"
    path.write_text("编码,名称\n1,井盖\n")
    code = READ.format(heavy=HEAVY)
    said = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True, text=True, check=True, timeout=120,
        env={"DJANGO_SETTINGS_MODULE": "yitong.config.settings", "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert said.stdout.strip() == ""
