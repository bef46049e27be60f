"""Where each target begins: small inputs that are right, or nearly so, made by code so that no file is shipped."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import duckdb
from docx.oxml.ns import nsmap

from tests.factories.files import docx, ofd, pdf, png, xlsx
from tests.factories.workbooks import MAIN, RELATIONS, inline_row
from tests.fuzz.targets import BETWEEN, book_of

WORDS: Final = nsmap["w"]

CSV: Final = (
    "编码,名称,数量\na1,井盖,3\na2,路灯,4\n",
    '城市部件台账,,\n编码,名称,数量\n"a""1","井\n盖",3\n',
    '编码;名称;编码;\r\na1;井盖;=1+1;x\r\n"a2;路灯',
    "编码\t日期\ra1\t民国105年3月5日\ra2\t2026/3/5\r",
    "sep=|\n编码|名称\na1|井\0盖\na2|路灯|多\n",
    "890102199203150020,林晓桐\n",
)
JSON: Final = (
    '{"编码": "a1", "数量": 3, "位置": {"x": [1, 2.5e300]}}\n{"编码": "a2", "新": null}\n',
    '{"a": 1}\n[1]\n{"a": \n\n{"a": "\\ud800", "b": 12345678901234567890123}\n',
    '{"": true, "<b>": -0.0, "..": 1e-400}\r\n{"": "\\u0000"}\r',
)
PREDICATES: Final = (
    "within(区划, '890102') and age(生日) >= 80",
    "数量 between 1 and 5 or not (编码 in ('a1', 'b''2') and 状态 is not null)",
    "编码 like 'a%' and 数量 * 2 - 1 < 金额 and 生日 = date '1940-02-29'",
    "coalesce(数量, 0) + 1 = 4 and months_between(生日, today()) > 1 and 状态 = true",
    "((((not not not 状态 is null))))",
)
FIELDS: Final = (
    '<w:tbl><w:tr>{head}</w:tr><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge w:val="restart"/></w:tcPr>'
    "{cell}</w:tc></w:tr></w:tbl>"
)


def csv() -> list[bytes]:
    texts = [text.encode() for text in CSV] + [text.encode("gb18030") for text in CSV]
    return [*texts, b"\xef\xbb\xbf" + texts[0], texts[0] + CSV[1].encode("gb18030")]


def json_lines() -> list[bytes]:
    return [text.encode() for text in JSON] + [JSON[0].encode("gb18030")]


def sheet(rows: str, below: str = "") -> bytes:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData>{below}</worksheet>'.encode()


def workbook() -> list[bytes]:
    texts = f'<sst xmlns="{MAIN}"><si><t>桐花_x000D_</t></si><si><r><t>路</t></r><rPh><t>lu</t></rPh></si></sst>'
    styles = (
        f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="46"/></cellXfs></styleSheet>'
    )
    drawing = (
        '<xdr:wsDr xmlns:xdr="x" xmlns:a="a"><xdr:pic><xdr:nvPicPr><xdr:cNvPr id="1" name="图片 1" descr="桐花"/>'
        "</xdr:nvPicPr></xdr:pic><xdr:sp><a:t>说明</a:t></xdr:sp></xdr:wsDr>"
    )
    book = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><workbookPr date1904="1"/><sheets>'
        '<sheet name="名单" sheetId="1" r:id="r1" state="hidden"/></sheets></workbook>'
    )
    cells = (
        '<row r="2"><c r="A2" t="s"><v>0</v></c><c r="B2" s="1"><v>46086.5</v></c><c r="C2" t="b"><v>1</v></c></row>'
        '<row r="4"><c t="s"><v>1</v></c><c t="e"><v>#N/A</v></c><c s="3"><f>A1+1</f><v>1.5</v></c></row>'
        '<row><c><f>B1</f></c><c t="str"><v>x</v></c><c t="n" s="2"><v>1e300</v></c></row>'
    )
    below = (
        '<mergeCells count="1"><mergeCell ref="A2:B3"/></mergeCells><headerFooter><oddHeader>&amp;C名单</oddHeader>'
        '</headerFooter><drawing r:id="r1"/>'
    )
    whole = sheet(inline_row(1, "编码", "日期", "是否") + cells, below)
    return [
        sheet(inline_row(1, "编码", "名称") + inline_row(2, "a1", "井盖")),
        BETWEEN.join([whole, texts.encode(), styles.encode(), drawing.encode()]),
        BETWEEN.join([whole, texts.encode(), styles.encode(), drawing.encode(), book.encode()]),
    ]


def package() -> list[bytes]:
    """The same as they lie on the disk, stored and deflated."""
    found = [book_of(each) for each in workbook()]
    content = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(found[1])) as plain,
        zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in plain.namelist():
            packed.writestr(name, plain.read(name))
    return [*found, content.getvalue()]


def parquet() -> list[bytes]:
    queries = (
        "select n as 编码, 'x' || n as 名称, n / 3.0 as 数量, date '2026-03-05' + n::int as 日期 from range(9) t(n)",
        "select [n] as 一列, {'a': n} as 结构, n::varchar as 文字 from range(3) t(n)",
    )
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for query in queries:
            path = Path(folder) / "seed.parquet"
            duckdb.sql(query).write_parquet(str(path), compression="uncompressed")
            found.append(path.read_bytes())
        return found


def word() -> list[bytes]:
    def cell(words: str) -> str:
        return f"<w:tc><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:tc>"

    head = "".join(map(cell, ("字段名", "中文名", "类型", "长度")))
    row = "".join(map(cell, ("sfzh", "身份证号", "C18", "18")))
    texts = (
        f"<w:p><w:r><w:t>表1 人员（t_ry）</w:t></w:r></w:p><w:tbl><w:tr>{head}</w:tr><w:tr>{row}</w:tr></w:tbl>",
        FIELDS.format(head=head, cell="<w:p><w:r><w:t>xm</w:t></w:r></w:p>"),
    )
    bodies = [f'<w:document xmlns:w="{WORDS}"><w:body>{t}</w:body></w:document>' for t in texts]
    header = f'<w:hdr xmlns:w="{WORDS}"><w:p><w:r><w:t>目录</w:t></w:r></w:p></w:hdr>'
    return [bodies[0].encode(), BETWEEN.join([bodies[1].encode(), header.encode()])]


def dictionary() -> list[bytes]:
    head = ("表名", "表中文名", "字段名", "字段中文名", "类型", "长度", "主键")
    rows = (
        inline_row(1, "附表", *[""] * 6)
        + inline_row(2, *head)
        + inline_row(3, "t_ry", "人员", "sfzh", "身份证号", "varchar(18)", "18", "是")
        + inline_row(4, "", "", "xm", "姓名", "C..50", "", "")
    )
    return [sheet(rows), sheet(rows, '<mergeCells><mergeCell ref="A3:A4"/></mergeCells>')]


def upload() -> list[bytes]:
    book = xlsx([["编码", "名称"], ["a1", "井盖"]])
    return [
        docx("通知", header="机密"),
        book,
        ofd("公示"),
        pdf("台账"),
        png(),
        CSV[0].encode("gb18030"),
    ]


def predicate() -> list[bytes]:
    return [text.encode() for text in PREDICATES]


SEEDS: Final = {
    "csv": csv,
    "json-lines": json_lines,
    "workbook": workbook,
    "package": package,
    "parquet": parquet,
    "word": word,
    "dictionary": dictionary,
    "upload": upload,
    "predicate": predicate,
}
