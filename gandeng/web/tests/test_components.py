"""Every component renders, and none lets hostile text through."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from gandeng.web.tests.sample import HOSTILE, rendered, sample_form

WEB = Path(__file__).parents[1]
COMPONENTS = sorted((WEB / "templates" / "cotton").glob("*.html"))
README = (WEB / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```html\n(.*?)```", README, re.DOTALL)
_DATA = re.compile(r'<script id="[^"<>]*" type="application/json">[^<>]*</script>')
"""What `json_script` writes: no script, and nothing in it that could end it."""
LISTS = {
    "items": [{"label": HOSTILE, "url": HOSTILE, "current": True, "count": 3}, {"label": HOSTILE, "url": ""}],
    "steps": [{"label": HOSTILE, "note": HOSTILE, "state": state} for state in ("done", "current", "todo")],
}


def tag_of(path: Path) -> str:
    return path.stem.replace("_", "-")


def attributes_of(path: Path) -> list[str]:
    declared = re.search(r"<c-vars (.*?)/>", path.read_text(encoding="utf-8"))
    return re.findall(r"([a-z-]+)=", declared[1]) if declared else []


def context() -> dict[str, Any]:
    steps = [{"label": "Hak dihitung", "state": "done", "note": "2 Juli 2024"}, {"label": "Ditutup", "state": "todo"}]
    items = [{"label": "Ringkasan", "url": "/", "current": True}, {"label": "Berkas", "url": "/berkas", "count": 3}]
    return {"form": sample_form(), "steps": steps, "tabs": items, "trail": items, "nik": "0000000000000000"}


@pytest.mark.parametrize("path", COMPONENTS, ids=tag_of)
@pytest.mark.parametrize("bound", [False, True])
def test_hostile_text_stays_text(path: Path, bound: bool) -> None:
    one = sample_form(HOSTILE, data={"name": HOSTILE, "note": HOSTILE, "channel": HOSTILE, "token": HOSTILE})
    known = {**LISTS, "form": one, "field": one["name"]}
    attributes = [
        f':{name}="{name}"' if name in known else f':{name}="bad"' if bound else f'{name}="{{{{ bad }}}}"'
        for name in [*attributes_of(path), "data-own"]
    ]
    text = f"<c-{tag_of(path)} {' '.join(attributes)}>{{{{ bad }}}}</c-{tag_of(path)}>"
    page = rendered(text, bad=HOSTILE, **known)
    assert page.strip()
    assert "<script" not in _DATA.sub("", page)
    assert "<b onclick" not in page
    assert '""' not in re.sub(r'=""', "", page)


@pytest.mark.parametrize("name", list(sample_form().fields))
def test_hostile_text_stays_text_in_every_kind_of_field(name: str) -> None:
    one = sample_form(HOSTILE, data={"name": HOSTILE, "note": HOSTILE, "channel": HOSTILE, "token": HOSTILE})
    page = rendered('<c-field :field="field" />', field=one[name])
    assert page.strip()
    assert "<script" not in page
    assert "<b onclick" not in page


@pytest.mark.parametrize("path", COMPONENTS, ids=tag_of)
def test_a_component_takes_nothing_from_the_page_around_it(path: Path) -> None:
    """Every attribute has a default: a page's own `title` or `value` does not leak in."""
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<c-vars [^>]*?\s([a-z-]+)(?=\s|/)(?!=)", text) == []


def test_each_component_has_its_example() -> None:
    shown = set(re.findall(r"<c-([a-z-]+)", "".join(EXAMPLES)))
    assert {tag_of(path) for path in COMPONENTS} - shown == {"field-errors"}


@pytest.mark.parametrize("example", EXAMPLES)
def test_each_example_works(example: str) -> None:
    page = rendered(example, **context())
    assert "<c-" not in page
    assert "{{" not in page
    assert page.strip()


def test_a_field_ties_hint_and_error_to_its_control() -> None:
    page = rendered('<c-field :field="form.name" />', form=sample_form(data={"name": "Nurhayati"}))
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext"' in page
    assert 'id="id_name_error"' in page
    assert 'aria-invalid="true"' in page
    assert "govuk-input--error" in page


def test_a_file_is_asked_for_again_when_another_field_is_wrong() -> None:
    """No browser sends a file a second time by itself; whoever presses again without it would be told it is missing."""
    form = sample_form(data={})
    form.files["file"] = SimpleUploadedFile("bri.csv", b"1")
    again = "Pilih berkasnya sekali lagi"
    assert again in rendered('<c-field :field="form.file" />', form=form)
    assert again not in rendered('<c-field :field="form.file" />', form=sample_form(data={}))


def test_a_group_of_choices_has_a_legend_and_its_own_labels() -> None:
    page = rendered('<c-field :field="form.verdict" />', form=sample_form())
    assert page.count("<legend") == 1
    assert page.count('class="govuk-radios__input"') == 2
    assert 'for="id_verdict_0"' in page


def test_a_day_is_asked_with_the_devices_calendar() -> None:
    page = rendered('<c-field :field="form.day" />', form=sample_form(data={"day": "2024-09-19"}))
    assert 'type="date"' in page
    assert 'value="2024-09-19"' in page


def test_the_error_summary_leads_to_each_field() -> None:
    page = rendered('<c-error-summary :form="form" />', form=sample_form(data={}))
    assert 'href="#id_name"' in page
    assert 'href="#id_verdict_0"' in page
    assert 'role="alert"' in page


def test_no_error_no_summary() -> None:
    assert rendered('<c-error-summary :form="form" />', form=sample_form()).strip() == ""


def test_a_table_can_be_reached_and_scrolled_by_keyboard() -> None:
    page = rendered('<c-table caption="Keluarga" numeric="2 3"><tr><td>1</td></tr></c-table>')
    assert 'role="region" tabindex="0" aria-label="Keluarga"' in page
    assert "g-number-2 g-number-3" in page


def test_a_labelled_cell_of_a_stacked_table_holds_one_element() -> None:
    rows = """<tr><th scope="row">A</th><td data-label="Sebab &gt; akibat">Teks <a href="/x">tautan</a><br>lagi</td>
      <td class="g-number" data-label="Rupiah">{{ hostile }}</td><td><a href="/y">Buka</a></td></tr>"""
    page = rendered(f'<c-table caption="Keluarga" stack>{rows}</c-table>', hostile=HOSTILE)
    assert (
        '<td data-label="Sebab &gt; akibat"><div class="g-cell">Teks <a href="/x">tautan</a><br>lagi</div></td>' in page
    )
    assert 'data-label="Rupiah"><div class="g-cell">&quot;&gt;&lt;script&gt;' in page
    assert '<td><a href="/y">Buka</a></td>' in page
    assert "g-cell" not in rendered(f'<c-table caption="Keluarga">{rows}</c-table>', hostile=HOSTILE)


def test_an_icon_is_a_picture_of_the_sprite_and_hostile_names_stay_text() -> None:
    assert rendered('{% icon "printer" size="large" %}').strip() == (
        '<svg class="g-icon g-icon--large" aria-hidden="true" focusable="false">'
        '<use href="/static/gandeng/icons.svg#printer"></use></svg>'
    )
    assert "<script" not in rendered("{% icon name %}", name=HOSTILE)


def test_a_state_is_never_told_by_colour_alone() -> None:
    shapes = {tone: rendered(f'<c-tag tone="{tone}">x</c-tag>') for tone in ("neutral", "good", "warn", "bad", "info")}
    assert len({re.search(r"#([a-z-]+)", page)[1] for page in shapes.values()}) == 5  # type: ignore[index]


def test_one_part_alone_needs_no_tabs() -> None:
    items = context()["tabs"]
    assert rendered('<c-tabs :items="items" />', items=items).count("<a href") == 2
    assert not rendered('<c-tabs :items="items" />', items=items[:1]).strip()
