"""What MkDocs puts into pages while it builds them: the table of system calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from picorun.commands.syscalls import markdown
from picorun.known_calls import known_calls

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

_PAGE, _PLACE = "syscalls.md", "<!-- the table -->"


def on_page_markdown(text: str, page: Page, **_: object) -> str:
    """Called by MkDocs with the text of each page."""
    if page.file.src_uri != _PAGE:
        return text
    return text.replace(_PLACE, "\n".join(markdown(known_calls())))
