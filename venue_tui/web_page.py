"""The page of `serve`: a terminal and nothing from another host."""

from html import escape

from venue_tui.locale import _, current_language

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content">
<title>{title}</title>
<link rel="icon" href="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' height='16' rx='3' fill='%235e0ba7'/%3E%3Cpath d='M4 4l4 8 4-8' stroke='white' stroke-width='2' fill='none'/%3E%3C/svg%3E">
<link rel="stylesheet" href="/static/css/xterm.css">
<script src="/static/js/textual.js"></script>
<style>
html, body {{ margin: 0; height: 100%; background: #0c181f; color: #fff; font: 16px system-ui, sans-serif; }}
#terminal {{ position: absolute; inset: 0; touch-action: manipulation; }}
.word {{ position: absolute; inset: 0; z-index: 10; display: flex; flex-direction: column; gap: 1em;
  align-items: center; justify-content: center; background: #0c181f; text-align: center; }}
.word button {{ font: inherit; padding: 14px 28px; border: 0; border-radius: 6px; background: #5e0ba7; color: #fff; }}
.-first-byte .starting, .word.ended {{ display: none; }}
.-closed .word.ended {{ display: flex; }}
</style>
</head>
<body>
<div class="word starting" role="status">{starting}</div>
<div class="word ended" role="alertdialog" aria-label="{ended}"><div>{ended}</div><button type="button">{again}</button></div>
<div id="terminal" class="textual-terminal" data-font-size="{font_size}"></div>
<script>
(function () {{
  var kept = sessionStorage.getItem("tab");
  if (!kept) {{
    kept = Array.from(crypto.getRandomValues(new Uint8Array(16)), function (b) {{
      return b.toString(16).padStart(2, "0"); }}).join("");
    sessionStorage.setItem("tab", kept);
  }}
  var scheme = location.protocol === "https:" ? "wss://" : "ws://";
  var terminal = document.getElementById("terminal");
  terminal.dataset.sessionWebsocketUrl = scheme + location.host + "/ws/" + kept;
  if (innerWidth < 600) terminal.dataset.fontSize = {phone_size};
  document.querySelector(".ended button").addEventListener("click", function () {{
    sessionStorage.removeItem("tab"); location.reload(); }});
  new MutationObserver(function () {{
    var typed = document.querySelector(".xterm-helper-textarea");
    if (document.body.classList.contains("-closed")) document.querySelector(".ended button").focus();
    else if (document.body.classList.contains("-first-byte") && typed) typed.focus();
  }}).observe(document.body, {{ attributes: true, attributeFilter: ["class"] }});
}})();
</script>
</body>
</html>
"""  # noqa: E501


def page(font_size: int) -> str:
    """The HTML of the page, in the language that the server speaks. `font_size` is in pixels."""
    size = max(6, min(font_size, 48))
    return _PAGE.format(
        language=current_language(),
        title="Venue TUI",
        starting=escape(_("Starting…")),
        ended=escape(_("The session has ended.")),
        again=escape(_("Start again")),
        font_size=size,
        phone_size=min(size, 12),
    )
