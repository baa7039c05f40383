"""Law and lessons come in by the command, which says what became of each file and row."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from citong.cli import imports
from citong.core.knowledge.models import Article, Statute
from citong.services.mediation.models import Lesson

LAW = "# 中华人民共和国甲法\n2020年1月1日 通过\n2020年5月1日 施行\n<!-- INFO END -->\n第一条 甲。\n"


@pytest.fixture(autouse=True)
def ready(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "django_ready", lambda: None)


def run(*arguments: object) -> str:
    result = CliRunner().invoke(imports.command, [str(one) for one in arguments], catch_exceptions=False)
    return result.output


def test_the_law_that_comes_with_the_program_comes_in_without_a_folder() -> None:
    assert "23 new; " in run("laws")
    assert "23 the same; 0 articles written" in run("laws")
    assert Article.objects.count() > 400


def test_a_folder_comes_in_with_its_source_and_what_is_strange_is_kept(tmp_path: Path) -> None:
    (tmp_path / "甲法(2020-01-01).md").write_text(LAW, "utf-8")
    (tmp_path / "空.md").write_text("# 空\n", "utf-8")
    strange = tmp_path / "strange.csv"
    said = run("laws", tmp_path, "--source", "某数据库", "--strange", strange)
    assert "1 new, 1 refused; 1 articles written" in said and "空.md" in said
    assert Statute.objects.get().source == "某数据库"
    assert "空.md" in strange.read_text("utf-8-sig")


def test_lessons_come_in_once_and_refused_rows_are_named(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    lines = ["类型,案情,做法,来源", "neighbour,围墙堵路,到现场量,某市司法局", "neighbour,电话13800001234,好,某市"]
    file.write_text("\n".join(lines), "utf-8")
    first = run("lessons", file)
    assert "1 new, 0 known already, 1 refused" in first and "row 3" in first
    assert "0 new, 1 known already" in run("lessons", file)
    assert Lesson.objects.get().kind == "neighbour"


def test_a_table_without_a_source_column_is_refused_with_the_mend(tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("类型,案情,做法\nneighbour,围墙,量\n", "utf-8")
    assert "name the columns kind, about, helped, source" in run("lessons", file)
