"""What draws the charts, on a page of its own: numbers are told as everywhere else."""

from pathlib import Path

import gandeng.web

SCRIPT = Path(gandeng.web.__file__).parent / "static" / "gandeng" / "charts.js"
CHART = """
<div class="g-chart" style="width: 600px"><div data-chart="told"></div></div>
<script type="application/json" id="told">{
    "data": {"values": [{"place": "Banjar", "families": 4500}, {"place": "Tapin", "families": 1250.5}]},
    "layer": [{"mark": "bar"}, {"mark": "text", "encoding": {"text": {"field": "families", "format": ",.1f"}}}],
    "encoding": {"x": {"field": "families", "type": "quantitative"}, "y": {"field": "place", "type": "nominal"}}
}</script>"""


def test_numbers_have_points_between_thousands_and_a_comma_before_parts(browser):
    page = browser.new_page()
    page.set_content(CHART)
    page.add_script_tag(path=SCRIPT)
    page.locator("svg path").first.wait_for()
    words = page.locator("svg text").all_text_contents()
    assert {"1.000", "4.000", "1.250,5"} <= set(words), words
    page.close()
